using Hone.Models.Configuration;

namespace Hone.Models.Generation;

/// <summary>How the tokens of one completion are chosen and when it ends.</summary>
/// <remarks>
/// Applied in this order: biases, repetition, frequency and presence penalties, no repeats, fewest new tokens,
/// suppressed tokens, temperature, top-k, top-p, min-p, typical-p, epsilon, eta.
/// </remarks>
public sealed record SamplingOptions
{
    /// <summary>Tokens after which a completion ends by length; at least 1.</summary>
    public int MaxNewTokens { get; init; } = 128;

    /// <summary>Tokens before which no stop token can be chosen; 0 for none.</summary>
    public int MinNewTokens { get; init; }

    /// <summary>What logits are divided by; 0 takes the likeliest token.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>What logits are divided by before the log-probs that are reported; 1 for the model's own.</summary>
    public double LogProbTemperature { get; init; } = 1;

    /// <summary>
    /// How many of the likeliest tokens can be chosen, all that tie with the last of them included; 0 for all.
    /// </summary>
    public int TopK { get; init; }

    /// <summary>Mass, in (0, 1], of the likeliest tokens that can be chosen; at least one is.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Part, in [0, 1], of the greatest probability below which no token is chosen.</summary>
    public double MinP { get; init; }

    /// <summary>Divides positive logits of tokens in prompt or completion and multiplies negative ones; 1 for none.
    /// CTRL, arXiv:1909.05858.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>What is subtracted from a token's logit each time it occurs in the completion; 0 for none.</summary>
    public double FrequencyPenalty { get; init; }

    /// <summary>What is subtracted once from the logit of a token that occurs in the completion; 0 for none.</summary>
    public double PresencePenalty { get; init; }

    /// <summary>Length of runs of tokens that cannot occur twice in prompt and completion; 0 for none.</summary>
    public int NoRepeatLength { get; init; }

    /// <summary>What is added to logits that end a phrase.</summary>
    public ValueList<PhraseBias> Biases { get; init; } = [];

    /// <summary>Tokens that are never chosen.</summary>
    public ValueList<int> Suppressed { get; init; } = [];

    /// <summary>
    /// Mass, in (0, 1], of the tokens whose surprise is nearest to the entropy that can be chosen; 1 for all.
    /// </summary>
    public double TypicalP { get; init; } = 1;

    /// <summary>Probability, in [0, 1), below which no token but the likeliest is chosen; 0 for none.</summary>
    public double EpsilonCutoff { get; init; }

    /// <summary>η, in [0, 1), of the cutoff min(η, √η · e^−entropy) on probabilities; 0 for none.</summary>
    public double EtaCutoff { get; init; }

    /// <summary>Tokens that end a completion; the one met is part of it.</summary>
    public ValueList<int> StopTokens { get; init; } = [];

    /// <summary>Texts that end a completion once its text contains one of them.</summary>
    public ValueList<string> StopStrings { get; init; } = [];

    /// <summary>The seed that, with the addresses of a request, decides every draw.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether the likeliest token is taken.</summary>
    public bool IsGreedy => Temperature == 0;

    /// <summary>Whether logits are changed by what the text says already, from a number of new tokens on.</summary>
    internal bool ChangesLogits(int newTokens) =>
        RepetitionPenalty != 1 || FrequencyPenalty != 0 || PresencePenalty != 0 || NoRepeatLength > 0
            || Biases.Count > 0 || Suppressed.Count > 0 || newTokens < MinNewTokens;

    /// <summary>Whether a kernel chooses: nothing here looks at phrases or at the entropy.</summary>
    internal bool IsForKernel =>
        Biases.Count == 0 && NoRepeatLength == 0 && this is { TypicalP: 1, EpsilonCutoff: 0, EtaCutoff: 0 };

    /// <summary>Every fault of these options, in words; empty when they can be honoured.</summary>
    public IEnumerable<string> Problems()
    {
        (bool Broken, string Text)[] rules =
        [
            (MaxNewTokens < 1, $"max_new_tokens: must be at least 1, got {MaxNewTokens}"),
            (MinNewTokens < 0 || MinNewTokens > MaxNewTokens,
                $"min_new_tokens: must be between 0 and max_new_tokens {MaxNewTokens}, got {MinNewTokens}"),
            (!(Temperature >= 0) || double.IsInfinity(Temperature),
                $"temperature: must be 0 or more, got {Temperature}"),
            (!(LogProbTemperature > 0) || double.IsInfinity(LogProbTemperature),
                $"log_prob_temperature: must be above 0, got {LogProbTemperature}"),
            (TopK < 0, $"top_k: must be 0 or more, got {TopK}"),
            (!(TopP is > 0 and <= 1), $"top_p: must be above 0 and at most 1, got {TopP}"),
            (!(MinP is >= 0 and <= 1), $"min_p: must be between 0 and 1, got {MinP}"),
            (!(RepetitionPenalty is >= 1e-3 and <= 1e3),
                $"repetition_penalty: must be between 0.001 and 1000, got {RepetitionPenalty}"),
            (!(Math.Abs(FrequencyPenalty) <= 1e3),
                $"frequency_penalty: must be between -1000 and 1000, got {FrequencyPenalty}"),
            (!(Math.Abs(PresencePenalty) <= 1e3),
                $"presence_penalty: must be between -1000 and 1000, got {PresencePenalty}"),
            (NoRepeatLength < 0, $"no_repeat_length: must be 0 or more, got {NoRepeatLength}"),
            (Biases.Any(bias => bias.Tokens.Count == 0 || double.IsNaN(bias.Bias)),
                "biases: must have a phrase and a number each, one of them lacks it"),
            (!(TypicalP is > 0 and <= 1), $"typical_p: must be above 0 and at most 1, got {TypicalP}"),
            (!(EpsilonCutoff is >= 0 and < 1), $"epsilon_cutoff: must be at least 0 and below 1, got {EpsilonCutoff}"),
            (!(EtaCutoff is >= 0 and < 1), $"eta_cutoff: must be at least 0 and below 1, got {EtaCutoff}"),
            (StopStrings.Any(string.IsNullOrEmpty), "stop_strings: must not be empty texts, one of them is"),
        ];
        return rules.Where(rule => rule.Broken).Select(rule => rule.Text);
    }
}
