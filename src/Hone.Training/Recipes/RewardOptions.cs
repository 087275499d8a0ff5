using System.Text.RegularExpressions;

namespace Hone.Training.Recipes;

/// <summary>One of the things that answers are judged by.</summary>
public abstract record RewardOptions
{
    private protected RewardOptions()
    {
    }

    /// <summary>What the score is multiplied by in the reward of an answer; negative ones make of it a
    /// penalty.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>What is wrong with a regular expression; nothing when it is one.</summary>
    private protected static IEnumerable<string> PatternProblems(string pattern)
    {
        string? fault = null;
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
        }
        catch (RegexParseException error)
        {
            fault = $"pattern: must be a regular expression: {error.Message}";
        }

        return fault is null ? [] : [fault];
    }
}

/// <summary>1 − |length − target| / tolerance, at least 0: answers should have a certain length.</summary>
public sealed record LengthRewardOptions : RewardOptions
{
    /// <summary>The length wished for, in tokens.</summary>
    [Interval("[1, ∞)")]
    public required int Target { get; init; }

    /// <summary>The difference, in tokens, at which the score is 0.</summary>
    [Interval("(0, ∞)")]
    public required double Tolerance { get; init; }
}

/// <summary>1 when the answer matches a regular expression, else 0.</summary>
public sealed record FormatRewardOptions : RewardOptions
{
    /// <summary>The regular expression of .NET that must match somewhere in the answer; <c>^</c> and <c>$</c> tie it to
    /// the ends.</summary>
    public required string Pattern { get; init; }

    /// <summary>What is wrong with the pattern, if anything is.</summary>
    public IEnumerable<string> Problems() => PatternProblems(Pattern);
}

/// <summary>The share of the answer's words that match a regular expression; an answer without words is not
/// judged.</summary>
public sealed record WordShareRewardOptions : RewardOptions
{
    /// <summary>The regular expression of .NET that must match somewhere in a word; <c>^</c> and <c>$</c> tie it to the
    /// word's ends.</summary>
    public required string Pattern { get; init; }

    /// <summary>What is wrong with the pattern, if anything is.</summary>
    public IEnumerable<string> Problems() => PatternProblems(Pattern);
}

/// <summary>1 when the answer that is taken out of the text equals the row's own, else 0.</summary>
public sealed record ExactAnswerRewardOptions : RewardOptions
{
    /// <summary>The column of the row that holds the right answer.</summary>
    public string Column { get; init; } = "answer";

    /// <summary>The regular expression whose first group is the answer in the text; its last match counts. Empty for
    /// the whole text.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>What is wrong with the pattern, if anything is.</summary>
    public IEnumerable<string> Problems() => PatternProblems(Pattern);
}

/// <summary>1 when the text contains the row's word as a whole word, else 0.</summary>
public sealed record ContainsWordRewardOptions : RewardOptions
{
    /// <summary>The column of the row that holds the word.</summary>
    public string Column { get; init; } = "word";
}
