using Hone.Torch;

namespace Hone.Models.Encoders;

/// <summary>Neighbouring segments of one length, which attend in one product without padding.</summary>
/// <param name="Start">The first token.</param>
/// <param name="Count">How many segments.</param>
/// <param name="Length">Tokens of each.</param>
internal readonly record struct EqualSegments(long Start, long Count, long Length)
{
    /// <summary>The segments of a packed row, those of one length that follow each other together.</summary>
    /// <param name="starts">Where each segment begins and the last one ends, int64 <c>[segment + 1]</c>.</param>
    public static EqualSegments[] Of(Tensor starts)
    {
        var groups = new List<EqualSegments>();
        var at = starts.AsSpan<long>();
        for (var segment = 0; segment + 1 < at.Length; segment++)
        {
            var length = at[segment + 1] - at[segment];
            if (groups is [.., var last] && last.Length == length)
            {
                groups[^1] = last with { Count = last.Count + 1 };
            }
            else
            {
                groups.Add(new EqualSegments(at[segment], 1, length));
            }
        }

        return [.. groups];
    }
}
