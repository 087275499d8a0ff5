using System.Text.RegularExpressions;

namespace Hone.Cli.Demo;

/// <summary>How a stage is examined on the held-out problems.</summary>
internal sealed record ExaminationOptions
{
    /// <summary>The most tokens of an answer.</summary>
    public int MaxNewTokens { get; init; } = 40;

    /// <summary>The regular expression whose first group is the answer in a text; its last match counts.</summary>
    public string AnswerPattern { get; init; } = @"(\d+)$";

    /// <summary>What does not fit together, each as <c>key: what must hold, what was found</c>.</summary>
    public IEnumerable<string> Problems()
    {
        if (MaxNewTokens < 1)
        {
            yield return $"max_new_tokens: must be at least 1, got {MaxNewTokens}";
        }

        if (!IsExpression(AnswerPattern))
        {
            yield return $"answer_pattern: must be a regular expression, got {AnswerPattern}";
        }
    }

    private static bool IsExpression(string pattern)
    {
        try
        {
            return new Regex(pattern).GetGroupNumbers().Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
