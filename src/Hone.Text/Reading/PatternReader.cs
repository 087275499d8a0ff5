using Hone.Text.Patterns;

namespace Hone.Text.Reading;

/// <summary>Reads patterns, which are <c>{"String": …}</c> or <c>{"Regex": …}</c>.</summary>
internal static class PatternReader
{
    /// <summary>Reads the member <c>pattern</c> of <paramref name="owner"/>.</summary>
    public static IPattern Read(JsonPart owner)
    {
        var part = owner.Get("pattern");
        if (part.Find("String") is { } literal)
        {
            return new LiteralPattern(literal.Text());
        }

        var regex = part.Get("Regex");
        try
        {
            return PatternLibrary.Compile(regex.Text(), RegexSyntax.Oniguruma);
        }
        catch (FormatException fault)
        {
            throw regex.Fault(fault.Message, fault);
        }
    }
}
