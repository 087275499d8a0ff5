namespace Hone.Benchmarks.Recorded;

/// <summary>A recorded prompt with two answers, as tokens.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Chosen">The preferred answer.</param>
/// <param name="Rejected">The other one.</param>
public sealed record RecordedPair(int[] Prompt, int[] Chosen, int[] Rejected)
{
    /// <summary>Tokens of both sequences, each with its prompt.</summary>
    public int Tokens => (2 * Prompt.Length) + Answers;

    /// <summary>Tokens of both answers.</summary>
    public int Answers => Chosen.Length + Rejected.Length;
}
