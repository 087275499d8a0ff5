using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hone.Text.Tests;

/// <summary>Compares a tokenizer with a recorded case; the format is described with the reference values for
/// tokenizers.</summary>
internal static class RecordedCase
{
    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What differs, in words.</summary>
    public static IEnumerable<string> Differences(Tokenizer tokenizer, JsonElement record)
    {
        string[]? words = record.TryGetProperty("words", out var list)
            ? [.. list.EnumerateArray().Select(word => word.GetString()!)]
            : null;
        var text = words is null ? record.GetProperty("text").GetString()! : "";
        var pair = record.TryGetProperty("pair", out var pairElement) ? pairElement.GetString() : null;
        if (record.TryGetProperty("error", out var error))
        {
            if (Record.Exception(() => tokenizer.Encode(text)) is not TokenizerException)
            {
                yield return $"{Name(record)}: no error, expected {error.GetString()}";
            }

            yield break;
        }

        var addsSpecial = !record.TryGetProperty("add_special_tokens", out var adds) || adds.GetBoolean();
        var result = words is not null ? tokenizer.EncodeWords(words, addsSpecial) : pair is null
            ? tokenizer.Encode(text, addsSpecial)
            : tokenizer.Encode(text, pair, addsSpecial);
        var differences = Compare(record, "ids", result.Ids)
            .Concat(Compare(record, "tokens", result.Tokens))
            .Concat(Compare(record, "offsets", result.Offsets))
            .Concat(Compare(record, "special_tokens_mask", result.SpecialTokensMask))
            .Concat(Compare(record, "type_ids", result.TypeIds))
            .Concat(CompareNullable(record, "word_ids", result.WordIds))
            .Concat(CompareNullable(record, "sequence_ids", result.SequenceIds))
            .Concat(CompareDecoded(tokenizer, record, result.Ids));
        if (pair is null && words is null)
        {
            var plain = record.TryGetProperty("ids_plain", out var without) ? Ints(without) : result.Ids;
            differences = differences
                .Concat(Difference(record, "EncodeIds", Show(result.Ids), Show(tokenizer.EncodeIds(text, addsSpecial))))
                .Concat(adds.ValueKind != JsonValueKind.Undefined ? [] : Difference(
                    record, "ids_plain", Show(plain), Show(tokenizer.EncodeIds(text, addSpecialTokens: false))));
        }

        foreach (var difference in differences)
        {
            yield return difference;
        }
    }

    /// <summary>What differs from a record that lies beside a model: <c>decoded</c> there is the text of the plain
    /// ids.</summary>
    public static IEnumerable<string> FolderDifferences(Tokenizer tokenizer, JsonElement record)
    {
        var text = record.GetProperty("text").GetString()!;
        var ids = Ints(record.GetProperty("ids"));
        var plain = record.TryGetProperty("ids_plain", out var without) ? Ints(without) : null;
        var differences = Compare(record, "tokens", tokenizer.Encode(text).Tokens)
            .Concat(Difference(record, "ids", Show(ids), Show(tokenizer.EncodeIds(text))))
            .Concat(plain is null ? [] : Difference(
                record, "ids_plain", Show(plain), Show(tokenizer.EncodeIds(text, addSpecialTokens: false))));
        return record.TryGetProperty("decoded", out var decoded)
            ? differences.Concat(Difference(record, "decoded", decoded.GetString()!,
                tokenizer.Decode(plain ?? ids, skipSpecialTokens: plain is not null)))
            : differences;
    }

    /// <summary>What differs in the decoding of a stream record.</summary>
    public static IEnumerable<string> StreamDifferences(Tokenizer tokenizer, JsonElement record)
    {
        var ids = Ints(record.GetProperty("ids"));
        var skip = record.GetProperty("skip_special_tokens").GetBoolean();
        string[] prefixes = [.. record.GetProperty("prefixes").EnumerateArray().Select(item => item.GetString()!)];
        var stream = tokenizer.OpenStream(skip);
        var joined = "";
        for (var count = 0; count <= ids.Length; count++)
        {
            joined += count == 0 ? "" : stream.Append(ids[count - 1]);
            foreach (var difference in Difference(
                record, $"prefix {count}", prefixes[count], tokenizer.Decode(ids.AsSpan(0, count), skip)))
            {
                yield return difference;
            }
        }

        foreach (var difference in Difference(record, "joined stream", prefixes[^1], joined + stream.Flush()))
        {
            yield return difference;
        }
    }

    /// <summary>What differs in the number or the hash of the ids of a whole file, line by line and from the start in
    /// one go.</summary>
    public static IEnumerable<string> BulkDifferences(Tokenizer tokenizer, JsonElement record, string content)
    {
        const int MostCodePoints = 200_000;
        var beginning = string.Concat(content.EnumerateRunes().Take(MostCodePoints).Select(rune => rune.ToString()));
        return Bulk("lines", content.Split('\n').SelectMany(line => tokenizer.EncodeIds(line, addSpecialTokens: false)))
            .Concat(Bulk("whole_first_200000_code_points", tokenizer.EncodeIds(beginning, addSpecialTokens: false)));

        IEnumerable<string> Bulk(string part, IEnumerable<int> ids)
        {
            int[] all = [.. ids];
            var expected = record.GetProperty(part);
            var hash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(all.AsSpan())));
            return Difference(
                record.GetProperty("tokenizer"), $"{record.GetProperty("file")} {part}",
                $"{expected.GetProperty("count")} {expected.GetProperty("sha256")}", $"{all.Length} {hash}");
        }
    }

    private static IEnumerable<string> CompareDecoded(Tokenizer tokenizer, JsonElement record, int[] ids)
    {
        if (!record.TryGetProperty("decoded", out var decoded))
        {
            return [];
        }

        var skipped = record.TryGetProperty("decoded_skip_special", out var other)
            ? other.GetString()!
            : decoded.GetString()!;
        return Difference(record, "decoded", decoded.GetString()!, tokenizer.Decode(ids, skipSpecialTokens: false))
            .Concat(Difference(
                record, "decoded_skip_special", skipped, tokenizer.Decode(ids, skipSpecialTokens: true)));
    }

    private static IEnumerable<string> Compare<T>(JsonElement record, string field, T[] got) =>
        record.TryGetProperty(field, out var expected)
            ? Difference(record, field, string.Join(' ', expected.EnumerateArray().Select(item => item.ToString())),
                string.Join(' ', got))
            : [];

    private static IEnumerable<string> CompareNullable(JsonElement record, string field, int[] got) =>
        record.TryGetProperty(field, out var expected)
            ? Difference(record, field, Show([.. expected.EnumerateArray()
                .Select(item => item.ValueKind == JsonValueKind.Null ? -1 : item.GetInt32())]), Show(got))
            : [];

    private static IEnumerable<string> Difference(JsonElement record, string what, string expected, string got) =>
        expected == got
            ? []
            : [$"{Name(record)}: {what}: expected {Visible(expected)}, got {Visible(got)}"];

    private static string Name(JsonElement record)
    {
        if (record.ValueKind == JsonValueKind.String)
        {
            return record.GetString()!;
        }

        return record.TryGetProperty("name", out var name)
            ? name.GetString()!
            : Visible(record.GetProperty("text").GetString()!);
    }

    private static string Visible(string text) =>
        JsonSerializer.Serialize(text.Length > 300 ? text[..300] : text, Readable);

    private static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetInt32())];

    private static string Show(int[] values) => string.Join(' ', values);
}
