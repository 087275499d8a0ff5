using Hone.Algorithms;

namespace Hone.Training.Updates;

/// <summary>What an update minimises.</summary>
public interface IObjective
{
    /// <summary>How the terms of all tokens of the update become one loss.</summary>
    public Aggregation Aggregation { get; }

    /// <summary>What the model's logits are divided by.</summary>
    public double Temperature { get; }

    /// <summary>The term of each target, and what is worth logging about it.</summary>
    public PolicyTerms Compute(TargetScores scores, MicroBatch batch);
}
