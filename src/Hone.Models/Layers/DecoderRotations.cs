using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>How positions turn queries and keys in a decoder, and when that changes for tokens that were there
/// before.</summary>
/// <param name="config">The architecture.</param>
internal sealed class DecoderRotations(DecoderConfig config) : IDisposable
{
    /// <summary>The rotation of most layers, or null.</summary>
    public RotaryTable? Main { get; } = config.Rotary is { } rotary ? new RotaryTable(rotary) : null;

    /// <summary>The rotation of layers with a window, or null.</summary>
    public RotaryTable? Local { get; } = config.LocalRotary is { } local ? new RotaryTable(local) : null;

    /// <summary>Whether angles depend on how long a sequence is as a whole.</summary>
    public bool DependOnLength => config.Rotary is { } rotary && RotaryFrequencies.DependOnLength(rotary);

    /// <summary>Whether the angles of all tokens change when a sequence reaches this length.</summary>
    public bool ChangeAt(int length) =>
        config.Rotary?.Scaling is RopeScaling.Long scaling && length == scaling.OriginalPositions + 1;

    /// <summary>What all layers of a pass share.</summary>
    /// <param name="positions">Each token's position in its sequence, int64 <c>[token]</c>.</param>
    /// <param name="lengths">The length of each token's sequence; empty where angles do not depend on it.</param>
    /// <param name="attention">Which tokens see which.</param>
    public LayerInputs Inputs(Tensor positions, ReadOnlySpan<int> lengths, IAttention attention) =>
        new(Main?.For(positions, lengths), Local?.For(positions, lengths), attention);

    /// <summary>The length of each token's sequence; empty where angles do not depend on it.</summary>
    public int[] LengthsOf(TokenBatch batch)
    {
        if (!DependOnLength)
        {
            return [];
        }

        var starts = batch.SegmentStarts.AsSpan<long>();
        var lengths = new int[batch.Ids.Count];
        for (var segment = 0; segment + 1 < starts.Length; segment++)
        {
            var (start, end) = ((int)starts[segment], (int)starts[segment + 1]);
            lengths.AsSpan(start, end - start).Fill(end - start);
        }

        return lengths;
    }

    public void Dispose()
    {
        Main?.Dispose();
        Local?.Dispose();
    }
}
