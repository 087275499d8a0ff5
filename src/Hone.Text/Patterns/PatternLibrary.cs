namespace Hone.Text.Patterns;

/// <summary>Chooses the scanner of a known regular expression, else compiles it.</summary>
internal static class PatternLibrary
{
    /// <summary>The pattern for <paramref name="regex"/>. The choice is by the exact text: what looks alike may match
    /// otherwise.</summary>
    /// <exception cref="FormatException">It is not a regular expression, or uses what is not supported.</exception>
    public static IPattern Compile(string regex, RegexSyntax syntax) => regex switch
    {
        Gpt2Pattern.Text => new Gpt2Pattern(),
        Cl100kPattern.ThreeDigits => new Cl100kPattern(digits: 3),
        Cl100kPattern.OneDigit => new Cl100kPattern(digits: 1),
        _ => new RegexPattern(regex, syntax),
    };
}
