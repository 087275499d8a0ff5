namespace Hone.Training.Recipes;

/// <summary>Where drafts of the next tokens come from, which the model checks several of in one pass. Answers are those
/// without.</summary>
public abstract record SpeculationOptions
{
    private protected SpeculationOptions()
    {
    }

    /// <summary>Tokens of a draft.</summary>
    [Interval("[1, 64]")]
    public int DraftTokens { get; init; } = 4;
}

/// <summary>What followed the last tokens where they stood before in the text; good for answers that quote their
/// prompt.</summary>
public sealed record LookupSpeculationOptions : SpeculationOptions;

/// <summary>What a smaller model of the same vocabulary says.</summary>
public sealed record DraftSpeculationOptions : SpeculationOptions
{
    /// <summary>The smaller model: a folder, or <c>org/name</c> of the hub.</summary>
    public required string Path { get; init; }

    /// <summary>How the smaller model's weights are kept; few bits make drafts faster and change no answer.</summary>
    public WeightChoice Weights { get; init; }
}
