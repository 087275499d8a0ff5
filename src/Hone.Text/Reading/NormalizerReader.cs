using System.Text;
using Hone.Text.Normalizers;
using Hone.Text.Pipeline;
using Hone.Text.Unicode;

namespace Hone.Text.Reading;

/// <summary>Reads the normalizer of <c>tokenizer.json</c>.</summary>
internal static class NormalizerReader
{
    /// <summary>Reads a normalizer with all its parts.</summary>
    public static INormalizer Read(JsonPart part) => part.Get("type").Text() switch
    {
        "Sequence" => ReadSequence([.. part.Get("normalizers").Items()]),
        "NFC" => new FormNormalizer(NormalForm.Nfc),
        "NFD" => new FormNormalizer(NormalForm.Nfd),
        "NFKC" => new FormNormalizer(NormalForm.Nfkc),
        "NFKD" => new FormNormalizer(NormalForm.Nfkd),
        "Prepend" => new PrependNormalizer(part.Get("prepend").Text()),
        "Replace" => new ReplaceNormalizer(PatternReader.Read(part), part.Get("content").Text()),
        "Strip" => new StripNormalizer(part.Bool("strip_left", true), part.Bool("strip_right", true)),
        "Lowercase" => new CaseNormalizer(),
        "ByteLevel" => new ByteLevelNormalizer(),
        "StripAccents" => new FilterNormalizer(CharacterFilters.WithoutMark),
        "Nmt" => new FilterNormalizer(CharacterFilters.ForTranslation),
        "BertNormalizer" => BertNormalizer.Create(
            part.Bool("clean_text", true),
            part.Bool("handle_chinese_chars", true),
            part.Bool("strip_accents", part.Bool("lowercase", true)),
            part.Bool("lowercase", true)),
        "Precompiled" => new CharacterMapNormalizer(ReadMap(part.Get("precompiled_charsmap"))),
        var other => throw part.Fault($"is of the type {other}, which is not known"),
    };

    private static INormalizer ReadSequence(JsonPart[] parts) =>
        TryReadExpansion(parts) ?? (INormalizer)new NormalizerSequence([.. parts.Select(Read)]);

    private static ExpandNormalizer? TryReadExpansion(JsonPart[] parts) =>
        parts is [var prepend, var replace]
        && (prepend.Get("type").Text(), replace.Get("type").Text()) == ("Prepend", "Replace")
        && replace.Get("pattern").Find("String")?.Text() is [< '\u0080' and var letter]
        && replace.Get("content").Text() is var content && Encoding.UTF8.GetByteCount(content) is >= 1 and <= 4
        && prepend.Get("prepend").Text() is var prefix && !prefix.Contains(letter)
            ? new ExpandNormalizer(prefix, letter, content)
            : null;

    private static CharacterMap ReadMap(JsonPart part)
    {
        try
        {
            return new CharacterMap(Convert.FromBase64String(part.Text()));
        }
        catch (FormatException fault)
        {
            throw part.Fault(fault.Message);
        }
    }
}
