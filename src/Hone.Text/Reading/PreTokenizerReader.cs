using System.Text;
using Hone.Text.Patterns;
using Hone.Text.Pipeline;
using Hone.Text.PreTokenizers;
using Hone.Text.Unicode;

namespace Hone.Text.Reading;

/// <summary>Reads the pre-tokenizer of <c>tokenizer.json</c>.</summary>
internal static class PreTokenizerReader
{
    /// <summary>Whether the last thing done to the pieces is to write their bytes as letters.</summary>
    public static bool EndsInByteLevel(JsonPart part) => part.Get("type").Text() switch
    {
        "ByteLevel" => true,
        "Sequence" =>
            part.Get("pretokenizers").Items().LastOrDefault() is { File: not null } last && EndsInByteLevel(last),
        _ => false,
    };

    /// <summary>Reads a pre-tokenizer with all its parts.</summary>
    /// <param name="part">The part <c>pre_tokenizer</c>.</param>
    /// <param name="staysInBytes">Whether the last step, from bytes to letters, is left out.</param>
    public static IPreTokenizer Read(JsonPart part, bool staysInBytes) => part.Get("type").Text() switch
    {
        "Sequence" => ReadSequence([.. part.Get("pretokenizers").Items()], staysInBytes),
        "ByteLevel" => ReadByteLevel(part, staysInBytes),
        "Split" => new SplitPreTokenizer(
            PatternReader.Read(part), ReadBehavior(part.Get("behavior")), part.Bool("invert", false)),
        "Digits" => new SplitPreTokenizer(
            new ClassPattern(CodePoint.IsNumber),
            part.Bool("individual_digits", false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous,
            invert: false),
        "Metaspace" => ReadMetaspace(part),
        "Whitespace" => new SplitPreTokenizer(new WordPattern(), SplitBehavior.Removed, invert: true),
        "WhitespaceSplit" => WhitespaceSplit(),
        "BertPreTokenizer" => new PreTokenizerSequence([WhitespaceSplit(), Punctuation(SplitBehavior.Isolated)]),
        "Punctuation" =>
            Punctuation(part.Find("behavior") is { } behavior ? ReadBehavior(behavior) : SplitBehavior.Isolated),
        "CharDelimiterSplit" => new SplitPreTokenizer(
            new LiteralPattern(ReadCharacter(part.Get("delimiter")).ToString()), SplitBehavior.Removed, invert: false),
        "UnicodeScripts" => new ScriptPreTokenizer(),
        "FixedLength" => new FixedLengthPreTokenizer(part.Get("length").Int(least: 1)),
        var other => throw part.Fault($"is of the type {other}, which is not known"),
    };

    private static PreTokenizerSequence ReadSequence(JsonPart[] parts, bool staysInBytes) =>
        new([.. parts.Select((part, index) => Read(part, staysInBytes && index == parts.Length - 1))]);

    private static SplitPreTokenizer WhitespaceSplit() =>
        new(new ClassPattern(CodePoint.IsWhiteSpace), SplitBehavior.Removed, invert: false);

    private static SplitPreTokenizer Punctuation(SplitBehavior behavior) => new(
        new ClassPattern(
            codePoint => CodePoint.IsPunctuation(codePoint) || (codePoint < 128 && CodePoint.IsSymbol(codePoint))),
        behavior,
        invert: false);

    private static PreTokenizerSequence ReadByteLevel(JsonPart part, bool staysInBytes)
    {
        List<IPreTokenizer> steps = [];
        if (part.Bool("add_prefix_space", true))
        {
            steps.Add(new PrefixSpace());
        }

        if (part.Bool("use_regex", true))
        {
            steps.Add(new SplitPreTokenizer(PatternLibrary.Gpt2, SplitBehavior.Isolated, invert: false));
        }

        if (!staysInBytes)
        {
            steps.Add(new ByteLevelLetters());
        }

        return new PreTokenizerSequence(steps);
    }

    private static MetaspacePreTokenizer ReadMetaspace(JsonPart part)
    {
        var scheme = part.Text("prepend_scheme") switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            null => part.Bool("add_prefix_space", true) ? PrependScheme.Always : PrependScheme.Never,
            var other => throw part.Fault($"must have a prepend_scheme always, first or never, got {other}"),
        };
        return new MetaspacePreTokenizer(ReadCharacter(part.Get("replacement")), scheme, part.Bool("split", true));
    }

    private static Rune ReadCharacter(JsonPart part)
    {
        Rune[] runes = [.. part.Text().EnumerateRunes()];
        return runes is [var only] ? only : throw part.Fault($"must be one character, got \"{part.Text()}\"");
    }

    private static SplitBehavior ReadBehavior(JsonPart part) => part.Text() switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        var other => throw part.Fault(
            $"must be Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous, got {other}"),
    };
}
