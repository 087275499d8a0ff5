namespace Hone.Text;

/// <summary>How texts with too many tokens are cut.</summary>
/// <param name="MaxLength">The most tokens, those that the post-processor adds among them. Where there is not even room
/// for these nothing is cut, as in the <c>tokenizers</c> library.</param>
public sealed record Truncation(int MaxLength)
{
    /// <summary>How many tokens a part that overflows shares with the one before it.</summary>
    public int Stride { get; init; }

    /// <summary>Which text of a pair is cut.</summary>
    public TruncationStrategy Strategy { get; init; }

    /// <summary>Where it is cut.</summary>
    public TextSide Side { get; init; }
}

/// <summary>Which text of a pair is cut.</summary>
public enum TruncationStrategy
{
    /// <summary>The longer one, and both where that is not enough.</summary>
    LongestFirst,

    /// <summary>The first one alone.</summary>
    OnlyFirst,

    /// <summary>The second one alone.</summary>
    OnlySecond,
}
