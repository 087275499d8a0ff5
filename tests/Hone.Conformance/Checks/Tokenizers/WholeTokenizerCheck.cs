using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text;

namespace Hone.Conformance.Checks.Tokenizers;

/// <summary>Whole tokenizers: encoding, decoding, streams, data files.</summary>
public sealed class WholeTokenizerCheck : ICheck
{
    private const int BeginningCodePoints = 200_000;

    private readonly LoadedTokenizers _tokenizers = new();

    public string Area => "tokenizers";

    public IReadOnlyList<string> Kinds => ["real/*", "small/*", "converted/*"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var record = golden.Record;
        var tokenizer = TokenizerOf(golden);
        if (record.Find("prefixes") is { } prefixes)
        {
            CompareStream(tokenizer, record, prefixes, findings);
        }
        else if (record.Find("whole_first_200000_code_points") is { } beginning)
        {
            var text = File.ReadAllText(golden.Folders.Fixture(record["file"].Text));
            CompareIds("lines", record["lines"],
                text.Split('\n').SelectMany(line => tokenizer.EncodeIds(line, addSpecialTokens: false)), findings);
            CompareIds("beginning", beginning, tokenizer.EncodeIds(Beginning(text), addSpecialTokens: false), findings);
        }
        else
        {
            EncodedCase.Compare(tokenizer, record, findings);
        }
    }

    private Tokenizer TokenizerOf(GoldenCase golden)
    {
        if (golden.Record.Find("tokenizer") is { } named)
        {
            return _tokenizers.Real(golden.Folders, named.Text);
        }

        return golden.Path.StartsWith("real/", StringComparison.Ordinal)
            ? _tokenizers.Real(golden.Folders, Path.GetFileName(golden.Path).Split(".")[0])
            : _tokenizers.At(golden.Beside("tokenizer.json"));
    }

    // Joined, the pieces of the stream are the last prefix. How they are cut is left to the decoder.
    private static void CompareStream(Tokenizer tokenizer, Field record, Field prefixes, Findings findings)
    {
        var ids = EncodedCase.Ints(record["ids"]);
        var skip = record["skip_special_tokens"].Flag;
        var expected = prefixes.Items;
        var stream = tokenizer.OpenStream(skip);
        for (var count = 0; count < expected.Count; count++)
        {
            findings.Same($"prefixes[{count}]", expected[count].Text, tokenizer.Decode(ids.AsSpan(0, count), skip));
        }

        findings.Same("chunks, joined", expected[^1].Text, string.Concat(ids.Select(stream.Append)) + stream.Flush());
    }

    private static void CompareIds(string what, Field expected, IEnumerable<int> ids, Findings findings)
    {
        int[] all = [.. ids];
        findings.Same($"{what}.count", expected["count"].Whole, all.LongLength);
        findings.Same($"{what}.sha256", expected["sha256"].Text,
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(all.AsSpan()))));
    }

    private static string Beginning(string text) =>
        string.Concat(text.EnumerateRunes().Take(BeginningCodePoints).Select(rune => rune.ToString()));
}
