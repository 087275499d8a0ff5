using System.Text.Json;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text;

namespace Hone.Conformance.Checks.Tokenizers;

/// <summary>Compares what a tokenizer makes of a recorded text, pair or list of words.</summary>
internal static class EncodedCase
{
    /// <summary>Compares every quantity that the record holds.</summary>
    public static void Compare(Tokenizer tokenizer, Field record, Findings findings)
    {
        if (record.Find("error") is not null)
        {
            CompareError(tokenizer, record, findings);
            return;
        }

        var addsSpecial = record.FlagOr("add_special_tokens", true);
        var result = Encode(tokenizer, record, addsSpecial);
        findings.SameList("ids", Ints(record["ids"]), result.Ids);
        findings.SameList("tokens", [.. record["tokens"].Items.Select(token => token.Text)], result.Tokens);
        CompareList(record, "offsets", result.Offsets, findings);
        CompareList(record, "special_tokens_mask", result.SpecialTokensMask, findings);
        CompareList(record, "word_ids", result.WordIds, findings);
        CompareList(record, "sequence_ids", result.SequenceIds, findings);
        findings.SameList("type_ids", record.Find("type_ids") is { } types
            ? Ints(types)
            : new int[result.Ids.Length], result.TypeIds);
        if (record.Find("text") is { } text && record.Find("pair") is null)
        {
            findings.SameList("ids alone", result.Ids, tokenizer.EncodeIds(text.Text, addsSpecial));
            if (record.Find("add_special_tokens") is null)
            {
                var plain = record.Find("ids_plain") is { } ids ? Ints(ids) : result.Ids;
                findings.SameList("ids_plain", plain, tokenizer.EncodeIds(text.Text, addSpecialTokens: false));
            }
        }

        CompareDecoded(tokenizer, record, result.Ids, findings);
    }

    /// <summary>The numbers of a list, null as −1.</summary>
    public static int[] Ints(Field list) =>
        [.. list.Items.Select(item => item.Json.ValueKind == JsonValueKind.Null ? -1 : (int)item.Whole)];

    private static TokenizedText Encode(Tokenizer tokenizer, Field record, bool addsSpecial)
    {
        if (record.Find("words") is { } words)
        {
            return tokenizer.EncodeWords([.. words.Items.Select(word => word.Text)], addsSpecial);
        }

        return record.Find("pair") is { } pair
            ? tokenizer.Encode(record["text"].Text, pair.Text, addsSpecial)
            : tokenizer.Encode(record["text"].Text, addsSpecial);
    }

    private static void CompareError(Tokenizer tokenizer, Field record, Findings findings)
    {
        var refused = false;
        try
        {
            Encode(tokenizer, record, addsSpecial: true);
        }
        catch (TokenizerException)
        {
            refused = true;
        }

        findings.Same("error", true, refused);
    }

    private static void CompareList(Field record, string name, int[] got, Findings findings)
    {
        if (record.Find(name) is { } expected)
        {
            findings.SameList(name, Ints(expected), got);
        }
    }

    private static void CompareDecoded(Tokenizer tokenizer, Field record, int[] ids, Findings findings)
    {
        if (record.Find("decoded") is { } decoded)
        {
            findings.Same("decoded", decoded.Text, tokenizer.Decode(ids, skipSpecialTokens: false));
            findings.Same("decoded_skip_special", record.TextOr("decoded_skip_special", decoded.Text),
                tokenizer.Decode(ids, skipSpecialTokens: true));
        }
    }
}
