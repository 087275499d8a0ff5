using Hone.Data;
using Hone.Training.Ranks;

namespace Hone.Training.Methods;

/// <summary>Tokenised rows, and which of them a step uses.</summary>
/// <param name="Examples">The rows as tokens, in the order of their files.</param>
/// <param name="Order">Which row comes when.</param>
internal sealed record ExampleSet(IReadOnlyList<TrainingExample> Examples, DataOrder Order)
{
    /// <summary>What is worth knowing of the rows before training on them, in words.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Adds the rows to a hash.</summary>
    public void AddTo(RowDigest digest)
    {
        foreach (var example in Examples)
        {
            digest.Add(example.Tokens);
            digest.Add(example.Trained);
        }
    }
}
