using Hone.Models.Adapters;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>Adapters as the fused step reads them, packed when they are first asked for and again when weights have
/// changed. What is packed lies beside the decoder's own weights, of which nothing is copied.</summary>
/// <param name="decoder">The model; the fused step covers it.</param>
internal sealed class PackedAdapters(Decoder decoder) : IDisposable
{
    private readonly Dictionary<AdapterCombination, bool> _covered = [];
    private readonly Dictionary<AdapterCombination, Tensor> _packed = [];
    private long _packedAt;

    /// <summary>Whether the fused step knows all that adapters do.</summary>
    public bool Cover(AdapterCombination adapters)
    {
        if (!_covered.TryGetValue(adapters, out var covers))
        {
            _covered.Add(adapters, covers = !FusedDialect.Obstacles(decoder, adapters).Any());
        }

        return covers;
    }

    /// <summary>The packed factors and vectors of now; this object owns them.</summary>
    /// <param name="adapters">Some that it covers.</param>
    /// <param name="arena">The packed weights of the decoder.</param>
    public Tensor Of(AdapterCombination adapters, Tensor arena)
    {
        if (_packedAt != decoder.WeightVersion)
        {
            Release();
            _packedAt = decoder.WeightVersion;
        }

        if (!_packed.TryGetValue(adapters, out var packed))
        {
            using var scope = TensorScope.Open();
            using var noGrad = Autograd.NoGrad();
            packed = TensorScope.Detach(Fused.DecoderAdapter(arena, [.. Changes(adapters)]));
            _packed.Add(adapters, packed);
        }

        return packed;
    }

    public void Dispose() => Release();

    private void Release()
    {
        foreach (var packed in _packed.Values)
        {
            packed.Dispose();
        }

        _packed.Clear();
    }

    private IEnumerable<MatrixChange> Changes(AdapterCombination adapters)
    {
        foreach (var layer in decoder.Parts.Layers)
        {
            var feed = (GatedFeedForward)layer.FeedForward;
            yield return Change(adapters, Linears(((HeadInputs)layer.Attention.Inputs).Projections));
            yield return Change(adapters, [layer.Attention.Output]);
            yield return Change(adapters, Linears(feed.GateAndUp));
            yield return Change(adapters, [feed.Down]);
        }

        yield return Change(adapters, [decoder.Modules.Head]);
    }

    private static IReadOnlyList<Linear> Linears(IProjections projections) => projections switch
    {
        JoinedProjections joined => joined.Parts,
        SplitProjections split => [split.Whole],
        _ => throw new InvalidOperationException($"the fused step does not know {projections.GetType().Name}"),
    };

    // The outputs of the layers lie one below the other.
    private MatrixChange Change(AdapterCombination adapters, IReadOnlyList<Linear> layers)
    {
        ModuleChange[] changes =
            [.. layers.Select(layer => new ModuleChange(adapters.PartsOf(layer.Name), decoder.ComputeType))];
        Tensor? Vector(Func<ModuleChange, Tensor?> which, double without) => changes.All(one => which(one) is null)
            ? null
            : Tensor.Cat([.. changes.Zip(layers, (change, layer) =>
                which(change) ?? Tensor.Full(without, DType.Float32, layer.Outputs))]);
        var rows = layers.Select((_, i) => layers.Take(i).Sum(layer => layer.Outputs));
        return new MatrixChange
        {
            Terms = [.. changes.Zip(rows).SelectMany(change => change.First.Products.Select(product =>
                new LowRankTerm(change.Second, product.Lower, product.Upper, product.Scale)))],
            Gain = Vector(change => change.Gain, 1),
            Offset = Vector(change => change.Offset, 0),
            Inputs = changes.Select(change => change.Inputs).FirstOrDefault(inputs => inputs is not null),
        };
    }
}
