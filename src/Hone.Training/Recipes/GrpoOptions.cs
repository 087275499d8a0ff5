using Hone.Algorithms;

namespace Hone.Training.Recipes;

/// <summary>Group relative policy optimisation (arXiv:2402.03300): each prompt is answered several times, and what does
/// better than its group is made likelier.</summary>
public sealed record GrpoOptions : MethodOptions
{
    /// <summary>Answers to each prompt (G).</summary>
    [Interval("[2, ∞)")]
    public int GroupSize { get; init; } = 8;

    /// <summary>The most tokens of an answer.</summary>
    [Interval("[1, ∞)")]
    public int MaxNewTokens { get; init; } = 256;

    /// <summary>Tokens of an answer before which nothing can end it but <c>stop</c>; 0 for none.</summary>
    [Interval("[0, ∞)")]
    public int MinNewTokens { get; init; }

    /// <summary>The temperature of sampling, and of the log-probs that are trained.</summary>
    [Interval("(0, ∞)")]
    public double Temperature { get; init; } = 1;

    /// <summary>Samples only among the likeliest tokens whose probabilities sum to this.</summary>
    [Interval("(0, 1]")]
    public double TopP { get; init; } = 1;

    /// <summary>Samples only among this many likeliest tokens; 0 for all.</summary>
    [Interval("[0, ∞)")]
    public int TopK { get; init; }

    /// <summary>Samples only tokens at least this many times as probable as the likeliest.</summary>
    [Interval("[0, 1)")]
    public double MinP { get; init; }

    /// <summary>Texts that end an answer, beside the model's own end token.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>How answers are drafted, to be checked several tokens at once; without it each takes a pass. It changes
    /// the time that answers take, not their tokens.</summary>
    public SpeculationOptions? Speculation { get; init; }

    /// <summary>Passes over the answers of a rollout (μ).</summary>
    [Interval("[1, ∞)")]
    public int InnerEpochs { get; init; } = 1;

    /// <summary>Updates of each pass, each on an equal share of the answers.</summary>
    [Interval("[1, ∞)")]
    public int UpdatesPerEpoch { get; init; } = 1;

    /// <summary>How far the probability ratio may fall below 1 before its gradient stops (ε⁻).</summary>
    [Interval("(0, 1]")]
    public double ClipLow { get; init; } = 0.2;

    /// <summary>How far the probability ratio may rise above 1 before its gradient stops (ε⁺).</summary>
    [Interval("(0, ∞)")]
    public double ClipHigh { get; init; } = 0.2;

    /// <summary>The weight of the divergence from the model that the run began with (β); 0 does without it, and without
    /// a copy of that model.</summary>
    [Interval("[0, ∞)")]
    public double KlCoefficient { get; init; }

    /// <summary>How the divergence is estimated from the tokens sampled.</summary>
    public KlEstimator KlEstimator { get; init; } = KlEstimator.K3;

    /// <summary>What centred rewards are divided by.</summary>
    public AdvantageScale AdvantageScale { get; init; } = AdvantageScale.Group;

    /// <summary>The term of each token and what the terms are averaged over.</summary>
    public GrpoLoss Loss { get; init; } = GrpoLoss.Dapo;

    /// <summary>Whether answers that reached <c>max_new_tokens</c> are left out of the loss.</summary>
    public bool MaskTruncated { get; init; }

    /// <summary>What answers are judged by. Their weighted sum is the reward of an answer.</summary>
    public required IReadOnlyList<RewardOptions> Rewards { get; init; }

    /// <summary>Seconds in which the rewards of one answer must be known; a reward that takes longer is an error, not a
    /// 0.</summary>
    [Interval("(0, ∞)")]
    public double RewardDeadline { get; init; } = 30;

    /// <summary>What does not fit together, each as <c>key: what must hold, what was found</c>.</summary>
    public IEnumerable<string> Problems()
    {
        if (MinNewTokens > MaxNewTokens)
        {
            yield return $"min_new_tokens: must be at most max_new_tokens ({MaxNewTokens}), got {MinNewTokens}";
        }

        if (Rewards.Count == 0)
        {
            yield return "rewards: must name at least one reward, got none";
        }
        else if (Rewards.All(reward => reward.Weight == 0))
        {
            yield return "rewards: must have a weight that is not 0, all are 0";
        }
    }
}

/// <summary>The term of each token and what the terms are averaged over.</summary>
public enum GrpoLoss
{
    /// <summary>The clipped ratio; mean over each answer, then over answers (arXiv:2402.03300).</summary>
    Grpo,

    /// <summary>The clipped ratio; sum over tokens divided by answers and <c>max_new_tokens</c>
    /// (arXiv:2503.20783).</summary>
    DrGrpo,

    /// <summary>The clipped ratio; mean over all tokens of an update (arXiv:2503.14476).</summary>
    Dapo,
}
