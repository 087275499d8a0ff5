namespace Hone.Torch;

/// <summary>Memory that stays for the gradients of leaves: a backward pass writes into it what it would make a tensor
/// for.</summary>
/// <remarks>What stands there from the update before needs no zeroing: as long as a leaf has no gradient, the first
/// that comes overwrites it. Products and copies write in place; a gradient that was made elsewhere is moved by
/// <see cref="Collect"/>.</remarks>
public sealed class GradientMemory : IDisposable
{
    private const long Line = 16; // numbers: each gradient begins at a border of cache lines
    private static readonly Operator KeepOp = Operator.Find("hone::keep_gradients");
    private static readonly Operator CollectOp = Operator.Find("hone::collect_gradients");
    private static readonly Operator ReleaseOp = Operator.Find("hone::release_gradients");

    private readonly Tensor[] _leaves;
    private readonly Tensor[] _places;

    /// <summary>Lays the gradients of leaves out in memory.</summary>
    /// <param name="leaves">Float32, requiring gradients. They are borrowed.</param>
    /// <param name="memory">Float32 <c>[number]</c>, of <see cref="CountOf"/> numbers at least. It is borrowed.</param>
    public GradientMemory(IEnumerable<Tensor> leaves, Tensor memory)
    {
        using var scope = TensorScope.Open();
        _leaves = [.. leaves];
        _places = new Tensor[_leaves.Length];
        var at = 0L;
        for (var i = 0; i < _leaves.Length; i++)
        {
            _places[i] = TensorScope.Detach(memory.Narrow(0, at, _leaves[i].Count).Reshape(_leaves[i].Shape));
            at += Aligned(_leaves[i].Count);
        }

        KeepOp.Run(_leaves, _places);
    }

    /// <summary>The numbers that gradients of leaves take.</summary>
    public static long CountOf(IEnumerable<Tensor> leaves) => leaves.Sum(leaf => Aligned(leaf.Count));

    /// <summary>Moves gradients that were made elsewhere into their places; where a leaf has none, its place holds
    /// zeros then.</summary>
    /// <returns>1 for each leaf that has a gradient, else 0.</returns>
    public byte[] Collect()
    {
        using var scope = TensorScope.Open();
        return CollectOp.Call(_leaves).ToArray<byte>();
    }

    /// <summary>Makes the places the gradients of the leaves.</summary>
    /// <param name="present">1 for each leaf that has a gradient from now on, else 0.</param>
    public void Place(ReadOnlySpan<byte> present)
    {
        for (var i = 0; i < _leaves.Length; i++)
        {
            _leaves[i].Grad = present[i] != 0 ? _places[i] : null;
        }
    }

    /// <summary>Lets gradients come and go again.</summary>
    public void Dispose()
    {
        ReleaseOp.Run(_leaves);
        foreach (var (leaf, place) in _leaves.Zip(_places))
        {
            leaf.Grad = null;
            place.Dispose();
        }
    }

    private static long Aligned(long count) => (count + Line - 1) / Line * Line;
}
