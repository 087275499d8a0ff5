namespace Hone.Torch;

/// <summary>How one token is chosen from a row of logits; applied in the order of the properties.</summary>
/// <param name="Row">The row.</param>
public readonly record struct TokenChoice(int Row)
{
    /// <summary>Divides positive logits of tokens in the text and multiplies negative ones; 1 for none.</summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Subtracted for each time a token occurs in what was generated.</summary>
    public double FrequencyPenalty { get; init; }

    /// <summary>Subtracted once from tokens that occur in what was generated.</summary>
    public double PresencePenalty { get; init; }

    /// <summary>What logits are divided by; 0 takes the likeliest token.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>What logits are divided by before the log-prob that is told; above 0.</summary>
    public double LogProbTemperature { get; init; } = 1;

    /// <summary>How many of the likeliest tokens can be chosen, ties with the last included; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>Mass of the likeliest tokens that can be chosen; 1 for all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Part of the greatest probability below which none is chosen; 0 for none.</summary>
    public double MinP { get; init; }

    /// <summary>The draw, in [0, 1).</summary>
    public double Uniform { get; init; }
}
