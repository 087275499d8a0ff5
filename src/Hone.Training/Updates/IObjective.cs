using Hone.Algorithms;

namespace Hone.Training.Updates;

/// <summary>What an update minimises.</summary>
public interface IObjective
{
    /// <summary>How the terms of all tokens of the update become one loss.</summary>
    public Aggregation Aggregation { get; }

    /// <summary>What the model's logits are divided by.</summary>
    public double Temperature { get; }

    /// <summary>How many examples that follow each other are judged together, so that they must meet in one
    /// micro-batch.</summary>
    public int ExamplesTogether => 1;

    /// <summary>
    /// The term of each target (or of what the aggregation counts), and what is worth logging about it.
    /// </summary>
    public PolicyTerms Compute(TargetScores scores, MicroBatch batch);

    /// <summary>What is logged of every update, whatever it minimises.</summary>
    public IReadOnlyList<PolicyMetric> Common(TargetScores scores, MicroBatch batch) =>
    [
        new("entropy", scores.Entropy.Detach(), RatioLevel.Token),
        new("mean_token_accuracy", scores.IsLikeliest(), RatioLevel.Token),
    ];
}
