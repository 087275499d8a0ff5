using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text;

namespace Hone.Conformance.Checks.Tokenizers;

/// <summary>SentencePiece models, read from <c>tokenizer.model</c>: ids, pieces, surfaces, and decoding.</summary>
public sealed class SentencePieceCheck : ICheck
{
    private readonly LoadedTokenizers _tokenizers = new();

    public string Area => "tokenizers";

    public IReadOnlyList<string> Kinds => ["sentencepiece/*"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var tokenizer = _tokenizers.At(golden.Beside("tokenizer.model"));
        if (golden.Record.Find("prefixes") is not { } prefixes)
        {
            CompareText(tokenizer, golden.Record, findings);
            return;
        }

        foreach (var item in golden.Record["decode_ids"].Items)
        {
            findings.Same(item["ids"].At, item["decoded"].Text,
                tokenizer.Decode(EncodedCase.Ints(item["ids"]), skipSpecialTokens: false));
        }

        foreach (var item in prefixes.Items)
        {
            ComparePrefixes(tokenizer, item, findings);
        }

        foreach (var item in golden.Record["with_options"]
            .Items.Where(item => item.Find("ids") is not null && !item.FlagOr("reverse", false)))
        {
            int[] ids = tokenizer.EncodeIds(item["text"].Text, addSpecialTokens: false);
            int[] before = item.FlagOr("add_bos", false) ? [tokenizer.BosId!.Value] : [];
            int[] after = item.FlagOr("add_eos", false) ? [tokenizer.EosId!.Value] : [];
            findings.SameList(item.At, EncodedCase.Ints(item["ids"]), [.. before, .. ids, .. after]);
        }
    }

    private static void CompareText(Tokenizer tokenizer, Field record, Findings findings)
    {
        var text = record["text"].Text;
        var result = tokenizer.Encode(text, addSpecialTokens: false);
        findings.SameList("ids", EncodedCase.Ints(record["ids"]), result.Ids);
        findings.SameList("ids alone", result.Ids, tokenizer.EncodeIds(text, addSpecialTokens: false));
        findings.SameList("pieces", [.. record["pieces"].Items.Select(piece => piece.Text)], result.Tokens);
        findings.Same("decoded", record["decoded"].Text, tokenizer.Decode(result.Ids, skipSpecialTokens: false));
    }

    private static void ComparePrefixes(Tokenizer tokenizer, Field item, Findings findings)
    {
        var ids = EncodedCase.Ints(item["ids"]);
        var prefixes = item["decoded_prefixes"].Items;
        for (var count = 0; count < prefixes.Count; count++)
        {
            findings.Same(prefixes[count].At, prefixes[count].Text,
                tokenizer.Decode(ids.AsSpan(0, count), skipSpecialTokens: false));
        }

        var stream = tokenizer.OpenStream(skipSpecialTokens: false);
        findings.Same(
            $"{item.At}, joined", prefixes[^1].Text, string.Concat(ids.Select(stream.Append)) + stream.Flush());
    }
}
