using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text.Gguf;

namespace Hone.Conformance.Checks.Real;

/// <summary>Every key and every tensor of a real GGUF file.</summary>
public sealed class GgufContentCheck : ICheck
{
    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["gguf_info"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var header = GgufHeader.Read(Directory.GetFiles(RealModel.Folder(golden), "*.gguf").Single());
        var keys = golden.Record["metadata"].Entries;
        findings.Same("version", golden.Record["metadata"]["GGUF.version"].Whole, header.Version);
        findings.Same("kv_count", golden.Record["metadata"]["GGUF.kv_count"].Whole, header.Metadata.Count);
        foreach (var (key, value) in keys.Where(key => !key.Name.StartsWith("GGUF.", StringComparison.Ordinal)))
        {
            CompareValue(findings, value, header.Metadata.GetValueOrDefault(key));
        }

        var tensors = golden.Record["tensors"].Items;
        findings.SameList(
            "tensors", [.. tensors.Select(tensor => tensor["name"].Text)], [.. header.Tensors.Select(one => one.Name)]);
        foreach (var (expected, got) in tensors.Zip(header.Tensors))
        {
            findings.Same(expected["type"].At, expected["type"].Text, GgmlTypes.NameOf(got.Type));
            var shape = expected["shape"];
            findings.SameList(shape.At, [.. shape.Items.Select(size => size.Whole).Reverse()], got.Shape);
            findings.Same(expected["n_bytes"].At, expected["n_bytes"].Whole, got.Bytes);
            findings.Same(expected["data_offset"].At, expected["data_offset"].Whole, header.DataStart + got.Offset);
        }
    }

    private static void CompareValue(Findings findings, Field expected, GgufValue? got)
    {
        switch (got)
        {
            case GgufValue.Text text:
                findings.Same(expected.At, expected.Text, text.Value);
                break;
            case GgufValue.Whole whole:
                findings.Same(expected.At, expected.Number, (double)whole.Value);
                break;
            case GgufValue.Real real:
                findings.Same(expected.At, expected.Number, real.Value);
                break;
            case GgufValue.Texts texts:
                CompareList(findings, expected, texts.Values, item => item.Text);
                break;
            case GgufValue.Numbers numbers:
                CompareList(findings, expected, numbers.Values, item => item.Number);
                break;
            default:
                findings.Fail(expected.At, $"is in the file, got {got?.ToString() ?? "nothing"}");
                break;
        }
    }

    // Of a long list the record has its length and both ends.
    private static void CompareList<T>(Findings findings, Field expected, T[] got, Func<Field, T> read)
    {
        if (expected.Find("array_length") is not { } length)
        {
            findings.SameList(expected.At, [.. expected.Items.Select(read)], got);
            return;
        }

        T[] first = [.. expected["first"].Items.Select(read)], last = [.. expected["last"].Items.Select(read)];
        findings.Same(length.At, length.Whole, got.Length);
        findings.SameList(expected["first"].At, first, got[..first.Length]);
        findings.SameList(expected["last"].At, last, got[^last.Length..]);
    }
}
