using System.Globalization;
using Hone.Text.Unicode;

namespace Hone.Text.Patterns;

/// <summary>The named character classes of regular expressions.</summary>
internal static class RegexClasses
{
    private static readonly Lazy<CodePointSet> SpaceSet = new(() => CodePointSet.FromEdges(
    [
        0x09, 0x0E, 0x20, 0x21, 0x85, 0x86, 0xA0, 0xA1, 0x1680, 0x1681, 0x2000, 0x200B,
        0x2028, 0x202A, 0x202F, 0x2030, 0x205F, 0x2060, 0x3000, 0x3001,
    ]));

    /// <summary><c>\s</c>.</summary>
    public static CodePointSet Space => SpaceSet.Value;

    /// <summary><c>\d</c>.</summary>
    public static CodePointSet Digit => CategorySets.Of(Of("nd"));

    /// <summary><c>\w</c>.</summary>
    public static CodePointSet Word =>
        CategorySets.Of([.. CategoriesOf("l"), .. CategoriesOf("m"), .. Of("nd"), .. Of("pc")]);

    /// <summary><c>\h</c>.</summary>
    public static CodePointSet HexDigit =>
        CodePointSet.Range('0', '9').Union(CodePointSet.Range('A', 'F')).Union(CodePointSet.Range('a', 'f'));

    /// <summary><c>\p{…}</c>: a general category or its group, a script that tokenizers name, or a POSIX class; null
    /// where unknown.</summary>
    public static CodePointSet? Property(string name)
    {
        var key = name.Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal)
            .ToLowerInvariant();
        if (CategoriesOf(key) is { Length: > 0 } categories)
        {
            return CategorySets.Of(categories);
        }

        return key switch
        {
            "any" => CodePointSet.Empty.Complement(),
            "whitespace" => Space,
            _ => UnicodeScripts.SetOf(key) ?? Posix(key),
        };
    }

    /// <summary><c>[:…:]</c>; null where unknown.</summary>
    public static CodePointSet? Posix(string name) => name switch
    {
        "alpha" => CategorySets.Of([.. CategoriesOf("l"), .. CategoriesOf("m")]),
        "digit" => Digit,
        "alnum" => CategorySets.Of([.. CategoriesOf("l"), .. CategoriesOf("m"), .. Of("nd")]),
        "upper" => CategorySets.Of(Of("lu")),
        "lower" => CategorySets.Of(Of("ll")),
        "space" => Space,
        "blank" => CategorySets.Of(Of("zs")).Union(CodePointSet.Range('\t', '\t')),
        "punct" => CategorySets.Of(CategoriesOf("p"))
            .Union(CategorySets.Of(CategoriesOf("s")).Intersect(CodePointSet.Range(0, 127))),
        "cntrl" => CategorySets.Of(Of("cc")),
        "xdigit" => HexDigit,
        "word" => Word,
        "ascii" => CodePointSet.Range(0, 127),
        _ => null,
    };

    private static UnicodeCategory[] CategoriesOf(string key) => key switch
    {
        "l" or "letter" => [.. Of("lu"), .. Of("ll"), .. Of("lt"), .. Of("lm"), .. Of("lo")],
        "m" or "mark" or "combiningmark" => [.. Of("mn"), .. Of("mc"), .. Of("me")],
        "n" or "number" => [.. Of("nd"), .. Of("nl"), .. Of("no")],
        "p" or "punctuation" =>
            [.. Of("pc"), .. Of("pd"), .. Of("ps"), .. Of("pe"), .. Of("pi"), .. Of("pf"), .. Of("po")],
        "s" or "symbol" => [.. Of("sm"), .. Of("sc"), .. Of("sk"), .. Of("so")],
        "z" or "separator" => [.. Of("zs"), .. Of("zl"), .. Of("zp")],
        "c" or "other" => [.. Of("cc"), .. Of("cf"), .. Of("cs"), .. Of("co"), .. Of("cn")],
        _ => Of(key),
    };

    private static UnicodeCategory[] Of(string key) => key switch
    {
        "lu" or "uppercaseletter" => [UnicodeCategory.UppercaseLetter],
        "ll" or "lowercaseletter" => [UnicodeCategory.LowercaseLetter],
        "lt" or "titlecaseletter" => [UnicodeCategory.TitlecaseLetter],
        "lm" or "modifierletter" => [UnicodeCategory.ModifierLetter],
        "lo" or "otherletter" => [UnicodeCategory.OtherLetter],
        "mn" or "nonspacingmark" => [UnicodeCategory.NonSpacingMark],
        "mc" or "spacingmark" => [UnicodeCategory.SpacingCombiningMark],
        "me" or "enclosingmark" => [UnicodeCategory.EnclosingMark],
        "nd" or "decimalnumber" => [UnicodeCategory.DecimalDigitNumber],
        "nl" or "letternumber" => [UnicodeCategory.LetterNumber],
        "no" or "othernumber" => [UnicodeCategory.OtherNumber],
        "pc" or "connectorpunctuation" => [UnicodeCategory.ConnectorPunctuation],
        "pd" or "dashpunctuation" => [UnicodeCategory.DashPunctuation],
        "ps" or "openpunctuation" => [UnicodeCategory.OpenPunctuation],
        "pe" or "closepunctuation" => [UnicodeCategory.ClosePunctuation],
        "pi" or "initialpunctuation" => [UnicodeCategory.InitialQuotePunctuation],
        "pf" or "finalpunctuation" => [UnicodeCategory.FinalQuotePunctuation],
        "po" or "otherpunctuation" => [UnicodeCategory.OtherPunctuation],
        "sm" or "mathsymbol" => [UnicodeCategory.MathSymbol],
        "sc" or "currencysymbol" => [UnicodeCategory.CurrencySymbol],
        "sk" or "modifiersymbol" => [UnicodeCategory.ModifierSymbol],
        "so" or "othersymbol" => [UnicodeCategory.OtherSymbol],
        "zs" or "spaceseparator" => [UnicodeCategory.SpaceSeparator],
        "zl" or "lineseparator" => [UnicodeCategory.LineSeparator],
        "zp" or "paragraphseparator" => [UnicodeCategory.ParagraphSeparator],
        "cc" or "control" => [UnicodeCategory.Control],
        "cf" or "format" => [UnicodeCategory.Format],
        "cs" or "surrogate" => [UnicodeCategory.Surrogate],
        "co" or "privateuse" => [UnicodeCategory.PrivateUse],
        "cn" or "unassigned" => [UnicodeCategory.OtherNotAssigned],
        _ => [],
    };
}
