using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Data;

namespace Hone.Conformance.Checks.Files;

/// <summary>Parquet and Arrow files, and folders of saved data sets: every row as the content file has it, or that a
/// damaged file is refused.</summary>
public sealed partial class ColumnarFileCheck : ICheck
{
    private static readonly JsonSerializerOptions Compact =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Area => "files";

    public IReadOnlyList<string> Kinds => ["parquet/cases", "arrow/cases"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var path = golden.Folders.InArea(golden.Record["path"].Text);
        if (golden.Record.Find("error") is { } error)
        {
            CheckRefused(error["must_say"].Text, path, findings);
        }
        else if (golden.Record["content"] is { Json.ValueKind: JsonValueKind.Object } parts
            && parts.Find("sha256_of_jsonl") is null)
        {
            foreach (var (split, content) in parts.Entries)
            {
                Check(golden, Path.Combine(path, split), content, findings);
            }
        }
        else
        {
            Check(golden, path, golden.Record["content"], findings);
        }
    }

    private static void CheckRefused(string mustSay, string path, Findings findings)
    {
        var (_, problem) = Read(path);
        if (mustSay.StartsWith("reads", StringComparison.Ordinal))
        {
            findings.Same("error", "", problem?.Message ?? "");
            return;
        }

        // damage that cannot be known must only do no harm; a stream that is called a file may be read as what it is
        var mayRead = mustSay.StartsWith("cannot be known", StringComparison.Ordinal)
            || mustSay.StartsWith("an IPC stream: readable", StringComparison.Ordinal);
        findings.Same("error", mustSay, mayRead || problem is not null ? mustSay : "nothing");
    }

    private static (List<JsonElement> Rows, DataException? Problem) Read(string path)
    {
        var rows = new List<JsonElement>();
        try
        {
            foreach (var record in DataSource.Open(new DataSourceOptions { Path = path }).ReadRecords())
            {
                rows.Add(record.Fields);
            }

            return (rows, null);
        }
        catch (DataException refused)
        {
            return (rows, refused);
        }
    }

    private static void Check(GoldenCase golden, string path, Field content, Findings findings)
    {
        var (rows, problem) = Read(path);
        if (content.Json.ValueKind == JsonValueKind.Object)
        {
            var text = string.Concat(rows.Select(row => JsonSerializer.Serialize(row, Compact) + "\n"));
            findings.Same("error", "", problem?.Message ?? "");
            findings.Same("sha256_of_jsonl", content["sha256_of_jsonl"].Text,
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
            return;
        }

        var lines = File.ReadAllLines(golden.Folders.InArea(content.Text));
        findings.Same("error", "", problem is null || lines.Length == 0 ? "" : problem.Message);
        findings.Same("rows", lines.Length, rows.Count);
        foreach (var (index, (line, row)) in lines.Zip(rows).Index())
        {
            var isEqual = JsonElement.DeepEquals(
                JsonElement.Parse(Moments().Replace(
                    line, "")), JsonElement.Parse(Moments().Replace(row.GetRawText(), "")));
            findings.Same($"row {index + 1}", isEqual ? "" : line, isEqual ? "" : row.GetRawText());
        }
    }

    /// <summary>Zeros after the second: a writer may store a finer unit than the content was made with.</summary>
    [GeneratedRegex(@"(?<=T\d\d:\d\d:\d\d)\.0+(?=Z?"")")]
    private static partial Regex Moments();
}
