using Hone.Data;

namespace Hone.Training.Methods;

/// <summary>A rollout's answer, judged: what its tokens are trained with.</summary>
/// <param name="rollout">The answer.</param>
/// <param name="advantage">How much better than its group it is; every token of it has this advantage.</param>
/// <param name="trained">Whether its tokens take part in the loss.</param>
public sealed class Answer(Rollout rollout, double advantage, bool trained)
{
    /// <summary>The answer as sampled.</summary>
    public Rollout Rollout { get; } = rollout;

    /// <summary>The sequence to train on.</summary>
    public TrainingExample Example { get; } = rollout.Example(trained);

    /// <summary>The advantage of each target, <c>[target]</c>.</summary>
    public float[] Advantages { get; } = Filled(trained ? rollout.Completion.Tokens.Length : 0, (float)advantage);

    /// <summary>
    /// log π_old of each target, <c>[target]</c>: of the weights that sampled it. Null until they are first computed.
    /// </summary>
    public float[]? OldLogProbs { get; set; }

    /// <summary>log π_ref of each target, <c>[target]</c>; null where no divergence is asked for.</summary>
    public float[]? ReferenceLogProbs { get; set; }

    private static float[] Filled(int count, float value)
    {
        var values = new float[count];
        values.AsSpan().Fill(value);
        return values;
    }
}
