namespace Hone.Training.Progress;

/// <summary>What the time of a step goes into.</summary>
public enum PhaseKind
{
    /// <summary>Sampling answers.</summary>
    Generation,

    /// <summary>Judging answers.</summary>
    Reward,

    /// <summary>Log-probs of the reference.</summary>
    LogProbs,

    /// <summary>Forward, backward, and the optimizer.</summary>
    Training,

    /// <summary>Evaluating on held-out rows.</summary>
    Evaluation,

    /// <summary>Reading rows, writing records and checkpoints.</summary>
    Waiting,
}
