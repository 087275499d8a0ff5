using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>Sums the gradients of leaves over ranks that are processes of one machine, in memory that each of them
/// maps: nothing is copied or sent.</summary>
/// <remarks>Each rank adds up an equal stretch of the numbers, reading those of all ranks and writing the sum to all,
/// as in the reduce-scatter and all-gather of a ring, but at the speed of memory. Numbers are added in the order of
/// ranks.</remarks>
public sealed class SharedGradientSum : IDisposable
{
    private const long Head = 16; // numbers before the gradients: who made the memory
    private const string BootId = "/proc/sys/kernel/random/boot_id";
    private static readonly Operator SumOp = Operator.Find("hone::sum_of_ranks_");

    private readonly ProcessGroup _group;
    private readonly Tensor[] _blocks;
    private readonly GradientMemory _memory;

    private SharedGradientSum(ProcessGroup group, IReadOnlyList<Tensor> leaves, Tensor[] blocks)
    {
        using var scope = TensorScope.Open();
        (_group, _blocks) = (group, blocks);
        var own = blocks[group.Rank];
        _memory = new GradientMemory(leaves, own.Narrow(0, Head, own.Count - Head));
    }

    /// <summary>Shares memory with the other ranks, all of which make the same call.</summary>
    /// <param name="group">The ranks.</param>
    /// <param name="leaves">Leaves that require gradients, the same on all ranks. They are borrowed.</param>
    /// <returns>Null where some rank is on another machine, or cannot be reached: gradients must be sent
    /// then.</returns>
    /// <exception cref="ProcessGroupException">Another rank is missing, has ended, or failed.</exception>
    public static SharedGradientSum? Join(ProcessGroup group, IReadOnlyList<Tensor> leaves)
    {
        var count = Head + GradientMemory.CountOf(leaves);
        var (own, place) = Create(leaves, count);
        SharedPlace[] all = [.. group.Gather(JsonSerializer.SerializeToUtf8Bytes(place)).Select(
            bytes => JsonSerializer.Deserialize<SharedPlace>(bytes)!)];
        Tensor?[] blocks = [.. all.Select((other, rank) => rank == group.Rank ? own : Open(place, other))];
        var isWhole = Array.TrueForAll(blocks, block => block is not null);
        if (group.Gather([isWhole ? (byte)1 : (byte)0]).All(answer => answer[0] == 1))
        {
            return new SharedGradientSum(group, leaves, [.. blocks.OfType<Tensor>()]);
        }

        Free(blocks);
        return null;
    }

    /// <summary>Waits until the gradient of every leaf is the sum over all ranks; absent where no rank has
    /// one.</summary>
    /// <exception cref="ProcessGroupException">Another rank is missing, has ended, or failed.</exception>
    public void Finish()
    {
        // behind this every rank's gradients are complete, and behind the barrier every sum
        var present = _group.Gather(_memory.Collect(), "sum of gradients").Aggregate(
            (all, rank) => [.. all.Zip(rank, (one, other) => (byte)(one | other))]);
        var (first, end) = (BorderOf(_group.Rank), BorderOf(_group.Rank + 1));
        SumOp.Run(_blocks, first, end - first);
        _group.Barrier();
        _memory.Place(present);
    }

    /// <summary>Where the numbers that a rank adds up begin: at whole lines of a cache.</summary>
    private long BorderOf(int rank) => Head + ((_blocks[0].Count - Head) / Head * rank / _group.Size * Head);

    /// <summary>Lets go of the memory.</summary>
    public void Dispose()
    {
        _memory.Dispose();
        Free(_blocks);
    }

    private static (Tensor? Block, SharedPlace Place) Create(IReadOnlyList<Tensor> leaves, long count)
    {
        var none = new SharedPlace("", 0, 0, 0, "");
        if (!File.Exists(BootId) || leaves.Any(leaf => leaf.DType != DType.Float32 || leaf.Device != Device.Cpu))
        {
            return (null, none);
        }

        Door.Check(Door.hone_shared_create(count, out var handle, out var descriptor));
        var block = TensorScope.Detach(new Tensor(handle));
        var token = RandomNumberGenerator.GetBytes(16);
        token.CopyTo(TokenOf(block));
        return (block, new SharedPlace(
            File.ReadAllText(BootId).Trim(), Environment.ProcessId, descriptor, count, Convert.ToHexString(token)));
    }

    // A process of the same number may live in another container of the same machine: the token tells.
    private static Tensor? Open(SharedPlace own, SharedPlace other)
    {
        if (own.Machine.Length == 0 || own.Machine != other.Machine || own.Count != other.Count)
        {
            return null;
        }

        Door.Check(Door.hone_shared_open(other.Process, other.Descriptor, other.Count, out var handle));
        if (handle == 0)
        {
            return null;
        }

        var block = TensorScope.Detach(new Tensor(handle));
        if (Convert.ToHexString(TokenOf(block)) == other.Token)
        {
            return block;
        }

        block.Dispose();
        return null;
    }

    private static Span<byte> TokenOf(Tensor block) => MemoryMarshal.AsBytes(block.AsSpan<float>()[..4]);

    private static void Free(IEnumerable<Tensor?> blocks)
    {
        foreach (var block in blocks)
        {
            block?.Dispose();
        }
    }

    /// <summary>Where a rank's memory can be opened.</summary>
    /// <param name="Machine">The running system; empty where the rank shares nothing.</param>
    /// <param name="Process">The process.</param>
    /// <param name="Descriptor">Its descriptor of the memory.</param>
    /// <param name="Count">Numbers.</param>
    /// <param name="Token">What the memory begins with.</param>
    private sealed record SharedPlace(string Machine, int Process, int Descriptor, long Count, string Token);
}
