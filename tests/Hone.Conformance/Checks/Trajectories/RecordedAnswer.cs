using Hone.Conformance.Goldens;
using Hone.Data;

namespace Hone.Conformance.Checks.Trajectories;

/// <summary>A recorded answer with what the product computed for it when it was sampled.</summary>
/// <param name="Example">Prompt and answer; the answer is the target unless it was left out of the loss.</param>
/// <param name="Advantage">Its advantage.</param>
/// <param name="OldLogProbs">log π_old of each target.</param>
/// <param name="ReferenceLogProbs">log π_ref of each target; null without a divergence.</param>
internal sealed record RecordedAnswer(
    TrainingExample Example, double Advantage, float[] OldLogProbs, float[]? ReferenceLogProbs)
{
    /// <summary>The advantage of each target.</summary>
    public float[] Advantages => [.. Enumerable.Repeat((float)Advantage, Example.TrainedTokens)];

    /// <summary>The sequence of a recorded row.</summary>
    public static TrainingExample ExampleOf(Field row)
    {
        int[] prompt = [.. row["prompt_ids"].Numbers.Select(id => (int)id)];
        int[] answer = [.. row["completion_ids"].Numbers.Select(id => (int)id)];
        var trained = new bool[prompt.Length + answer.Length];
        trained.AsSpan(prompt.Length).Fill(row["in_loss"].Flag);
        return new TrainingExample([.. prompt, .. answer], trained);
    }
}
