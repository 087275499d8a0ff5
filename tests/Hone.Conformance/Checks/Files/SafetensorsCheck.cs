using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Checkpoints;

namespace Hone.Conformance.Checks.Files;

/// <summary>Safetensors files: what is in them, or that they are refused.</summary>
/// <remarks>Unknown fields of an entry and a null for metadata, which the format's own library accepts, are accepted
/// with a warning.</remarks>
public sealed class SafetensorsCheck : ICheck
{
    private static readonly string[] Warned = ["only dtype, shape, data_offsets", "metadata is an object"];

    public string Area => "files";

    public IReadOnlyList<string> Kinds => ["safetensors/valid", "safetensors/invalid"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var path = golden.Folders.InArea(golden.Record["path"].Text);
        if (golden.Kind == "safetensors/valid")
        {
            Compare(golden.Record, path, findings);
            return;
        }

        try
        {
            // What the reference lets pass, and the rule is one of form alone, is to be warned of; everything else is
            // an error.
            var harmless = Warned.Contains(golden.Record["rule"].Text)
                && golden.Record["must_say"].Text.Contains("accepts it", StringComparison.Ordinal);
            var warnings = SafetensorsHeader.Read(path).Warnings.Count;
            findings.Same(
                "read", harmless ? "with a warning" : "refused", warnings > 0 ? "with a warning" : "without a word");
        }
        catch (CheckpointException error)
        {
            findings.Same("message", true, error.Message.StartsWith($"{path}: ", StringComparison.Ordinal));
        }
    }

    private static void Compare(Field record, string path, Findings findings)
    {
        using var file = SafetensorsFile.Open(path);
        foreach (var (name, expected) in record["tensors"].Entries)
        {
            if (file.Header.Find(name) is not { } entry)
            {
                findings.Fail(expected.At, "is in the file, was not found");
                continue;
            }

            findings.Same($"{expected.At}.dtype", expected["dtype"].Text, SafetensorsTypes.NameOf(entry.Type));
            findings.SameList(
                $"{expected.At}.shape", [.. expected["shape"].Items.Select(size => size.Whole)], entry.Shape);
            if (expected.Value("hex") is { } hex)
            {
                findings.Same($"{expected.At}.hex", hex.Text, Convert.ToHexStringLower(file.ReadBytes(name)));
            }
        }

        findings.Same("tensors", record.Value("tensor_count")?.Whole ?? record["tensors"].Entries.Count,
            file.Header.Entries.Count);
        foreach (var (key, value) in record.Value("metadata")?.Entries ?? [])
        {
            findings.Same($"metadata.{key}", value.Text, file.Header.Metadata.GetValueOrDefault(key));
        }
    }
}
