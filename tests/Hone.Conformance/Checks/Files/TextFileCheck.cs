using System.Text.Json;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Data;

namespace Hone.Conformance.Checks.Files;

/// <summary>Files of rows in text formats: what is read of them, or where they are refused.</summary>
public sealed class TextFileCheck : ICheck
{
    public string Area => "files";

    public IReadOnlyList<string> Kinds =>
        ["text/cases:jsonl", "text/cases:json", "text/cases:csv", "text/cases:tsv", "text/cases:gz", "text/cases:zst",
            "text/cases:tar", "text/cases:tar.gz", "text/cases:bz2", "text/cases:xz"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var path = golden.Folders.InArea(golden.Record["path"].Text);
        var options = golden.Record.Find("options");
        var source = new DataSourceOptions
        {
            Path = path,
            Format = golden.Kind.EndsWith(":bz2", StringComparison.Ordinal)
                || golden.Kind.EndsWith(":xz", StringComparison.Ordinal)
                ? DataFormat.JsonLines
                : DataFormat.Auto,
            Header = options?.FlagOr("header", true) ?? true,
            Quotes = options?.Find("quote") is not { IsNull: true },
        };
        var rows = new List<JsonElement>();
        try
        {
            foreach (var record in DataSource.Open(source).ReadRecords())
            {
                rows.Add(record.Fields);
            }
        }
        catch (DataException problem)
        {
            CompareError(golden.Record, problem, findings);
            if (golden.Record.Find("rows_before_error") is { } before)
            {
                CompareRows(before, rows, findings);
            }

            return;
        }

        Compare(golden.Record, path, rows, findings);
    }

    private static void CompareError(Field record, DataException problem, Findings findings)
    {
        if (record.Find("error") is not { } expected)
        {
            // a limit on depth is a reader's choice; the error must name the line
            findings.Same("error", record["rows"].IsNull ? "" : "none", record["rows"].IsNull
                && problem.At.Line == 1 ? "" : problem.Message);
            return;
        }

        findings.Same("error", false, string.IsNullOrEmpty(problem.Message));
        if (expected.Value("line") is { } line)
        {
            findings.Same("error.line", line.Whole, problem.At.Line);
        }

        if (expected.Value("column") is { } column && problem.Column > 0)
        {
            // columns are informative: one more or less is the same place
            findings.Close("error.column", column.Whole, problem.Column, new Tolerance(0, 1));
        }
    }

    private static void Compare(Field record, string path, List<JsonElement> rows, Findings findings)
    {
        using var file = File.OpenRead(path);
        var isGzip = file.ReadByte() == 0x1F && !path.EndsWith(".gz", StringComparison.Ordinal);
        if (record.Find("error") is { } error)
        {
            // gzip data under another name may be refused or read
            findings.Same("error", isGzip ? "" : error["reason"].Text, "");
            return;
        }

        if (record["rows"].IsNull)
        {
            findings.Same("rows", true, rows.Count > 0);
            return;
        }

        CompareRows(record["rows"], rows, findings);
    }

    private static void CompareRows(Field expectedRows, List<JsonElement> rows, Findings findings)
    {
        findings.Same($"{expectedRows.At}.length", expectedRows.Items.Count, rows.Count);
        foreach (var (expected, got) in expectedRows.Items.Zip(rows))
        {
            findings.Same(
                expected.At, "equal", JsonElement.DeepEquals(expected.Json, got) ? "equal" : got.GetRawText());
        }
    }
}
