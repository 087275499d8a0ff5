namespace Hone.Text.Patterns;

/// <summary>Chooses the scanner of a known regular expression, else compiles it.</summary>
internal static class PatternLibrary
{
    /// <summary>The pattern of GPT-2.</summary>
    public static IPattern Gpt2 { get; } = new RuleScanner<Gpt2Rule>(new Gpt2Rule());

    /// <summary>The pattern of GPT-4 and Llama 3.</summary>
    public static IPattern ThreeDigits { get; } = new RuleScanner<Cl100kRule>(new Cl100kRule(digits: 3));

    /// <summary>The pattern of Qwen 2.</summary>
    public static IPattern OneDigit { get; } = new RuleScanner<Cl100kRule>(new Cl100kRule(digits: 1));

    /// <summary>The pattern of GPT-4o.</summary>
    public static IPattern O200k { get; } = new RuleScanner<O200kRule>(new O200kRule());

    /// <summary>The pattern for <paramref name="regex"/>. The choice is by the exact text: what looks alike may match
    /// otherwise.</summary>
    /// <exception cref="FormatException">It is not a regular expression, or uses what is not supported.</exception>
    public static IPattern Compile(string regex, RegexSyntax syntax) => regex switch
    {
        Gpt2Rule.Text => Gpt2,
        Cl100kRule.ThreeDigits => ThreeDigits,
        Cl100kRule.OneDigit => OneDigit,
        O200kRule.Text => O200k,
        BlankRunPattern.Text => new BlankRunPattern(),
        BlankEdgePattern.Text when syntax == RegexSyntax.Oniguruma => new BlankEdgePattern(),
        _ => new RegexPattern(regex, syntax),
    };
}
