using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>Makes the cosines and sines of a rotation, and keeps those that all sequences share.</summary>
/// <param name="rotary">The rotation.</param>
internal sealed class RotaryTable(RotaryConfig rotary) : IDisposable
{
    private const int Rounding = 256;

    private (Tensor Cosines, Tensor Sines)? _shared;

    /// <summary>The rotation of tokens at these positions of sequences of these lengths.</summary>
    /// <param name="positions">Each token's position in its sequence, int64 <c>[token]</c>.</param>
    /// <param name="lengths">The length of each token's sequence; empty where the angles do not depend on it.</param>
    public Rotation For(Tensor positions, ReadOnlySpan<int> lengths)
    {
        var at = positions.AsSpan<long>();
        if (RotaryFrequencies.DependOnLength(rotary))
        {
            var (cosines, sines) = Make(at, lengths);
            return new Rotation(cosines, sines, Tensor.Arange(0, at.Length));
        }

        var longest = 0L;
        foreach (var position in at)
        {
            longest = Math.Max(longest, position);
        }

        var (sharedCosines, sharedSines) = Shared(longest + 1);
        return new Rotation(sharedCosines, sharedSines, positions);
    }

    public void Dispose()
    {
        _shared?.Cosines.Dispose();
        _shared?.Sines.Dispose();
    }

    private (Tensor Cosines, Tensor Sines) Shared(long rows)
    {
        if (_shared is { } kept && kept.Cosines.Size(0) >= rows)
        {
            return kept;
        }

        var grown = Math.Max((rows + Rounding - 1) / Rounding * Rounding, 2 * (_shared?.Cosines.Size(0) ?? 0));
        Dispose();
        var positions = new long[grown];
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = i;
        }

        var (cosines, sines) = Make(positions, []);
        _shared = (TensorScope.Detach(cosines), TensorScope.Detach(sines));
        return _shared.Value;
    }

    private (Tensor Cosines, Tensor Sines) Make(ReadOnlySpan<long> positions, ReadOnlySpan<int> lengths)
    {
        var pairs = rotary.Dimensions / 2;
        var amplitude = RotaryFrequencies.Amplitude(rotary);
        var cosines = new float[positions.Length * pairs];
        var sines = new float[positions.Length * pairs];
        var (frequencies, length) = (RotaryFrequencies.Compute(rotary, 0), 0);
        for (var t = 0; t < positions.Length; t++)
        {
            if (lengths.Length > 0 && lengths[t] != length)
            {
                length = lengths[t];
                frequencies = RotaryFrequencies.Compute(rotary, length);
            }

            for (var j = 0; j < pairs; j++)
            {
                var (sine, cosine) = Math.SinCos(positions[t] * frequencies[j]);
                cosines[(t * pairs) + j] = (float)(cosine * amplitude);
                sines[(t * pairs) + j] = (float)(sine * amplitude);
            }
        }

        return (Tensor.From<float>(cosines, positions.Length, pairs),
            Tensor.From<float>(sines, positions.Length, pairs));
    }
}
