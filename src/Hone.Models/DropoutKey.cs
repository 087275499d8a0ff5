using Hone.Torch;
using Hone.Torch.Random;

namespace Hone.Models;

/// <summary>The addresses of what dropout draws: seed, update, and for each token its example and its place there.
/// Without them nothing is dropped.</summary>
/// <remarks>
/// Dropout, Srivastava et al., 2014: each number is 0 with probability p, else divided by 1 − p. What is dropped of a
/// token does not depend on how an update is divided into micro-batches.
/// </remarks>
/// <param name="Seed">The run's seed.</param>
/// <param name="Update">The number of the update.</param>
/// <param name="Examples">The example of each token.</param>
/// <param name="Places">The place of each token in its example.</param>
public sealed record DropoutKey(ulong Seed, uint Update, IReadOnlyList<int> Examples, IReadOnlyList<int> Places)
{
    private const int DrawsOfAddress = 8;
    private const int Levels = 1 << 16;

    /// <summary>The keys of some of the tokens.</summary>
    internal DropoutKey Among(long[] tokens) =>
        this with
        {
            Examples = [.. tokens.Select(token => Examples[(int)token])],
            Places = [.. tokens.Select(token => Places[(int)token])],
        };

    /// <summary>Factors of 0 or 1/(1 − rate) for <c>[token, width]</c>, in its dtype. The rate is taken to the nearest
    /// 1/65536.</summary>
    internal Tensor Mask(Tensor x, double rate, int place)
    {
        var (tokens, width) = ((int)x.Size(0), (int)x.Size(1));
        var dropped = (ushort)Math.Clamp(Math.Round(rate * Levels), 0, Levels - 1);
        var factor = (float)(Levels / (double)(Levels - dropped));
        var random = new CounterRandom(Seed, RandomPurpose.Dropout);
        var factors = new float[tokens * width];
        Parallel.For(0, tokens, token =>
        {
            var row = factors.AsSpan(token * width, width);
            Span<uint> draws = stackalloc uint[DrawsOfAddress / 2];
            for (var start = 0; start < width; start += DrawsOfAddress)
            {
                var address = ((uint)place << 16) | (uint)(start / DrawsOfAddress);
                (draws[0], draws[1], draws[2], draws[3]) = random.Bits(
                    Update, (uint)Examples[token], (uint)Places[token], address);
                for (var i = 0; i < DrawsOfAddress && start + i < width; i++)
                {
                    row[start + i] = (ushort)(draws[i / 2] >> (16 * (i % 2))) < dropped ? 0 : factor;
                }
            }
        });
        return Tensor.From<float>(factors, tokens, width).To(x.DType);
    }
}
