using System.Text.Json;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text;

namespace Hone.Conformance.Checks.Tokenizers;

/// <summary>Rank files of tiktoken: encoding with and without special tokens, decoding.</summary>
public sealed class TiktokenCheck : ICheck
{
    private readonly Dictionary<string, Tokenizer> _byFile = new(StringComparer.Ordinal);

    public string Area => "tokenizers";

    public IReadOnlyList<string> Kinds => ["tiktoken/*"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var tokenizer = TokenizerOf(golden);
        var ordinary = tokenizer.WithSpecialTokensAsText();
        var record = golden.Record;
        if (record.Find("encode_ordinary") is { } expected)
        {
            var text = record["text"].Text;
            var allowed = record.Find("encode_allowed_all") ?? expected;
            findings.SameList("encode_ordinary", EncodedCase.Ints(expected), ordinary.EncodeIds(text));
            findings.SameList("encode_allowed_all", EncodedCase.Ints(allowed), tokenizer.EncodeIds(text));
            return;
        }

        findings.Same("n_vocab", record["n_vocab"].Whole, tokenizer.VocabularySize);
        foreach (var item in record["decode"].Items)
        {
            findings.Same(item.At, item["decode_replace"].Text,
                tokenizer.Decode(EncodedCase.Ints(item["ids"]), skipSpecialTokens: false));
        }

        foreach (var item in record["decode_prefixes"].Items)
        {
            var ids = EncodedCase.Ints(item["ids"]);
            var prefixes = item["decode_replace"].Items;
            for (var count = 0; count < prefixes.Count; count++)
            {
                findings.Same(prefixes[count].At, prefixes[count].Text,
                    tokenizer.Decode(ids.AsSpan(0, count), skipSpecialTokens: false));
            }
        }
    }

    private Tokenizer TokenizerOf(GoldenCase golden)
    {
        var file = golden.Beside($"{Path.GetFileName(Path.GetDirectoryName(golden.Path))}.tiktoken");
        if (!_byFile.TryGetValue(file, out var tokenizer))
        {
            var encoding = JsonDocument.Parse(File.ReadAllText(golden.Beside("encoding.json"))).RootElement;
            var special = encoding.GetProperty("special_tokens").EnumerateObject()
                .ToDictionary(token => token.Name, token => token.Value.GetInt32());
            tokenizer = Tokenizer.LoadTiktoken(file, encoding.GetProperty("pat_str").GetString()!, special);
            _byFile.Add(file, tokenizer);
        }

        return tokenizer;
    }
}
