using Hone.Data;
using Hone.Training.Ranks;

namespace Hone.Training.Methods;

/// <summary>Pairs as tokens, and which of them a step uses.</summary>
/// <param name="Pairs">The pairs, in the order of their files.</param>
/// <param name="Order">Which pair comes when.</param>
internal sealed record PairSet(IReadOnlyList<PreferenceExample> Pairs, DataOrder Order)
{
    /// <summary>What is worth knowing of the rows before training on them, in words.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Adds the pairs to a hash.</summary>
    public void AddTo(RowDigest digest)
    {
        foreach (var example in ExamplesOf(Enumerable.Range(0, Pairs.Count)))
        {
            digest.Add(example.Tokens);
            digest.Add(example.Trained);
        }
    }

    /// <summary>The sequences of pairs: each chosen one, then its rejected one.</summary>
    public TrainingExample[] ExamplesOf(IEnumerable<int> pairs) =>
        [.. pairs.SelectMany(pair => new[] { Pairs[pair].Chosen, Pairs[pair].Rejected })];
}
