using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Data;

namespace Hone.Conformance.Checks.Files;

/// <summary>Parquet files: every row as the content file has it, or that a damaged file is refused.</summary>
public sealed partial class ColumnarFileCheck : ICheck
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Area => "files";

    public IReadOnlyList<string> Kinds => ["parquet/cases"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var rows = new List<JsonElement>();
        DataException? problem = null;
        try
        {
            foreach (var record in DataSource.Open(new DataSourceOptions { Path = golden.Folders.InArea(golden.Record["path"].Text) }).ReadRecords())
            {
                rows.Add(record.Fields);
            }
        }
        catch (DataException refused)
        {
            problem = refused;
        }

        if (golden.Record.Find("error") is { } error)
        {
            var mustSay = error["must_say"].Text;
            var cannotBeKnown = mustSay.StartsWith("cannot be known", StringComparison.Ordinal);
            findings.Same("error", cannotBeKnown || problem is not null ? mustSay : "nothing", mustSay);
            return;
        }

        var isEmpty = golden.Record.NumberOr("rows", -1) == 0 && rows.Count == 0;
        findings.Same("error", "", isEmpty ? "" : problem?.Message ?? "");
        Compare(golden, rows, findings);
    }

    /// <summary>Zeros after the second: a writer may store a finer unit than the content was made with.</summary>
    [GeneratedRegex(@"(?<=T\d\d:\d\d:\d\d)\.0+(?=Z?"")")]
    private static partial Regex Moments();

    private static void Compare(GoldenCase golden, List<JsonElement> rows, Findings findings)
    {
        var content = golden.Record["content"];
        if (content.Json.ValueKind == JsonValueKind.Object)
        {
            var text = string.Concat(rows.Select(row => JsonSerializer.Serialize(row, Compact) + "\n"));
            findings.Same("sha256_of_jsonl", content["sha256_of_jsonl"].Text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
            return;
        }

        var lines = File.ReadAllLines(golden.Folders.InArea(content.Text));
        findings.Same("rows", lines.Length, rows.Count);
        foreach (var (index, (line, row)) in lines.Zip(rows).Index())
        {
            var isEqual = JsonElement.DeepEquals(
                JsonElement.Parse(Moments().Replace(line, "")), JsonElement.Parse(Moments().Replace(row.GetRawText(), "")));
            findings.Same($"row {index + 1}", isEqual ? "" : line, isEqual ? "" : row.GetRawText());
        }
    }
}
