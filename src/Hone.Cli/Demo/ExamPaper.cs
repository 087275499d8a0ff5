using Hone.Evaluation;

namespace Hone.Cli.Demo;

/// <summary>A model's answers to the held-out problems.</summary>
/// <param name="Texts">The answer to each.</param>
/// <param name="Right">Whether each is right.</param>
internal sealed record ExamPaper(IReadOnlyList<string> Texts, IReadOnlyList<bool> Right)
{
    /// <summary>How many are.</summary>
    public Accuracy Accuracy => Accuracy.Of(Right);
}
