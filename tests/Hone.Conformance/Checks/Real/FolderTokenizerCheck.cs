using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text;

namespace Hone.Conformance.Checks.Real;

/// <summary>Texts to ids and back by the tokenizer of a model's folder.</summary>
public sealed class FolderTokenizerCheck : ICheck
{
    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["tokenizer_cases"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var tokenizer = Tokenizer.Load(RealModel.Folder(golden));
        var isLines = golden.Path.EndsWith(".jsonl", StringComparison.Ordinal);
        foreach (var record in isLines ? RealModel.Records(golden) : golden.Record["cases"].Items)
        {
            var (text, at) = (record["text"].Text, record.TextOr("name", record.At));
            var ids = RealModel.Ids(record["ids"]);
            findings.SameList($"{at}.ids", ids, tokenizer.EncodeIds(text));
            var plain = record.Find("ids_plain") is { } without ? RealModel.Ids(without) : null;
            if (plain is not null)
            {
                findings.SameList($"{at}.ids_plain", plain, tokenizer.EncodeIds(text, addSpecialTokens: false));
            }

            if (record.Find("tokens") is { } tokens)
            {
                findings.SameList(
                    $"{at}.tokens", [.. tokens.Items.Select(token => token.Text)], [.. tokenizer.Encode(text).Tokens]);
            }

            if (record.Find("decoded") is { } decoded)
            {
                var skips = plain is not null;
                findings.Same($"{at}.decoded", decoded.Text, tokenizer.Decode(plain ?? ids, skipSpecialTokens: skips));
            }

            if (record.Find("decoded_skip_special") is { } bare)
            {
                findings.Same($"{at}.decoded_skip_special", bare.Text, tokenizer.Decode(ids, skipSpecialTokens: true));
            }
        }
    }
}
