using Hone.Data;
using Hone.Models.Generation;

namespace Hone.Training.Methods;

/// <summary>One answer to one prompt: token ids with the log-probs and the weight version that made them. Nothing is
/// tokenised again.</summary>
/// <param name="Prompt">The prompt's place in the run's order of prompts.</param>
/// <param name="Sample">Which of the prompt's answers this is.</param>
/// <param name="Row">The row that the prompt came from.</param>
/// <param name="PromptTokens">The prompt, <c>[prompt]</c>.</param>
/// <param name="Completion">The answer as the engine gave it.</param>
/// <param name="Text">The answer as rewards read it: a view, without special tokens.</param>
public sealed record Rollout(
    long Prompt, int Sample, PromptRow Row, int[] PromptTokens, Completion Completion, string Text)
{
    /// <summary>Whether the answer was cut off.</summary>
    public bool IsTruncated => Completion.Reason != FinishReason.Stop;

    /// <summary>The sequence to train on: the answer is the target, the prompt is not.</summary>
    /// <param name="trained">Whether the answer is a target at all.</param>
    public TrainingExample Example(bool trained)
    {
        int[] tokens = [.. PromptTokens, .. Completion.Tokens];
        var mask = new bool[tokens.Length];
        mask.AsSpan(PromptTokens.Length).Fill(trained);
        return new TrainingExample(tokens, mask);
    }
}
