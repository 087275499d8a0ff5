namespace Hone.Training.Methods;

/// <summary>log π_ref of the targets of pairs, kept for the run.</summary>
internal sealed class ReferenceCache
{
    private readonly Dictionary<int, (float[] Chosen, float[] Rejected)> _pairs = [];

    /// <summary>Keeps the log-probs of pairs.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="logProbs">Of each, the chosen answer's targets, then the rejected one's.</param>
    public void Add(IReadOnlyList<int> pairs, IReadOnlyList<float[]> logProbs)
    {
        foreach (var (i, pair) in pairs.Index())
        {
            _pairs[pair] = (logProbs[2 * i], logProbs[(2 * i) + 1]);
        }
    }

    /// <summary>The log-probs of pairs, as they were added.</summary>
    public float[][] Of(IEnumerable<int> pairs) =>
        [.. pairs.SelectMany(pair => new[] { _pairs[pair].Chosen, _pairs[pair].Rejected })];
}
