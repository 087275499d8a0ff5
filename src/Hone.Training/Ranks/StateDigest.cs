using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Hone.Torch;

namespace Hone.Training.Ranks;

/// <summary>Holds the state of the ranks together by a hash of each tensor.</summary>
internal static class StateDigest
{
    private const int HashBytes = 8;
    private const int NumbersAtOnce = 1 << 20;

    /// <summary>Holds that all ranks have the same tensors, to the last bit.</summary>
    /// <param name="team">The ranks.</param>
    /// <param name="step">Steps that are done.</param>
    /// <param name="tensors">Float32 or narrower tensors by name, in the same order on all ranks.</param>
    /// <exception cref="TrainingException">A rank differs from rank 0.</exception>
    public static void RequireSame(RankTeam team, int step, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        if (team.Count == 1)
        {
            return;
        }

        var named = tensors.ToList();
        var all = team.Gather([.. named.SelectMany(tensor => HashOf(tensor.Value))]);
        for (var rank = 1; rank < all.Length; rank++)
        {
            if (all[rank].AsSpan().CommonPrefixLength(all[0]) is var same && same < all[0].Length)
            {
                throw new TrainingException(
                    $"rank {rank}: after step {step} every weight and moment must be that of rank 0, "
                    + $"\"{named[same / HashBytes].Key}\" is not; the ranks compute differently or one has a faulty "
                    + "memory: use machines of one kind, and resume from the last checkpoint");
            }
        }
    }

    private static byte[] HashOf(Tensor tensor)
    {
        using var scope = TensorScope.Open();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // exact for codes and half precisions
        var numbers = tensor.Detach().To(DType.Float32).Contiguous().AsSpan<float>();
        for (var first = 0; first < numbers.Length; first += NumbersAtOnce)
        {
            var part = numbers.Slice(first, Math.Min(NumbersAtOnce, numbers.Length - first));
            hash.AppendData(MemoryMarshal.AsBytes(part));
        }

        return hash.GetHashAndReset()[..HashBytes];
    }
}
