using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Gguf;
using Hone.Text.Gguf;
using Hone.Torch;

namespace Hone.Conformance.Checks.Files;

/// <summary>GGUF files: their metadata, their tensors turned into numbers, or that they are refused.</summary>
public sealed class GgufCheck : ICheck
{
    private static readonly string[] Harmless = ["invalid/cut_in_padding"];

    public string Area => "files";

    public IReadOnlyList<string> Kinds => ["gguf/cases"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var path = golden.Folders.InArea(golden.Record["path"].Text);
        var name = golden.Record["name"].Text;
        if ((golden.Record.Value("error") is null && golden.Record.Value("alignment") is not null)
            || Harmless.Contains(name))
        {
            Compare(golden.Record, path, findings);
            return;
        }

        try
        {
            using var file = GgufFile.Open(path);
            findings.Same("read", "refused", "read");
        }
        catch (CheckpointException error)
        {
            findings.Same("message", true, error.Message.StartsWith($"{path}: ", StringComparison.Ordinal));
        }
    }

    private static void Compare(Field record, string path, Findings findings)
    {
        using var file = GgufFile.Open(path);
        findings.Same("tensors", record.Value("tensor_count")?.Whole ?? 2, file.Header.Tensors.Count);
        if (record.Value("alignment") is { } alignment)
        {
            findings.Same("version", record["version"].Whole, file.Header.Version);
            findings.Same("alignment", alignment.Whole, file.Header.Alignment);
            findings.Same("data_start", record["data_start"].Whole, file.Header.DataStart);
            findings.Same("kv_count", record["kv_count"].Whole, file.Header.Metadata.Count);
        }

        foreach (var (key, field) in record.Value("fields")?.Entries ?? [])
        {
            CompareValue(field["value"], file.Header.Metadata.GetValueOrDefault(key), findings);
        }

        foreach (var (key, tensor) in record.Value("tensors")?.Entries ?? [])
        {
            CompareTensor(tensor, key, file, findings);
        }
    }

    private static void CompareValue(Field expected, GgufValue? got, Findings findings)
    {
        switch (got)
        {
            case GgufValue.Text text:
                findings.Same(expected.At, expected.Text, text.Value);
                break;
            case GgufValue.Whole { Type: GgufValueType.Bool } flag:
                findings.Same(expected.At, expected.Flag, flag.Value != 0);
                break;
            case GgufValue.Whole whole:
                findings.Same(expected.At, Int128.Parse(expected.Json.GetRawText(), null), whole.Value);
                break;
            case GgufValue.Real real:
                findings.Close(expected, real.Value, default);
                break;
            case GgufValue.Lists { Values: [GgufValue.Numbers numbers, ..] }:
                findings.Close(expected.At, expected.Numbers.AsSpan(0, numbers.Values.Length), numbers.Values, default);
                break;
            case GgufValue.Numbers numbers when expected.Find("length") is null:
                findings.Close(expected, numbers.Values, default);
                break;
            case GgufValue.Numbers numbers:
                findings.Same($"{expected.At}.length", expected["length"].Whole, numbers.Values.Length);
                findings.Close(expected["first"], numbers.Values.AsSpan(0, expected["first"].Items.Count), default);
                findings.Close(expected["last"], numbers.Values.AsSpan()[^expected["last"].Items.Count..], default);
                break;
            case GgufValue.Texts texts when expected.Find("length") is null:
                findings.SameList(expected.At, [.. expected.Items.Select(item => item.Text)], texts.Values);
                break;
            case GgufValue.Texts texts:
                var (first, last) = (expected["first"].Items, expected["last"].Items);
                findings.Same($"{expected.At}.length", expected["length"].Whole, texts.Values.Length);
                findings.SameList(
                    expected["first"].At, [.. first.Select(item => item.Text)], texts.Values[..first.Count]);
                findings.SameList(
                    expected["last"].At, [.. last.Select(item => item.Text)], texts.Values[^last.Count..]);
                break;
            default:
                findings.Fail(expected.At, $"is in the file, got {got?.ToString() ?? "nothing"}");
                break;
        }
    }

    private static void CompareTensor(Field expected, string name, GgufFile file, Findings findings)
    {
        if (file.Header.Find(name) is not { } tensor)
        {
            findings.Fail(expected.At, "is in the file, was not found");
            return;
        }

        findings.Same($"{expected.At}.ggml_type", expected["ggml_type"].Text, GgmlTypes.NameOf(tensor.Type));
        findings.SameList($"{expected.At}.shape",
            [.. expected["shape_gguf_order"].Items.Select(size => size.Whole).Reverse()], tensor.Shape);
        findings.Same($"{expected.At}.bytes", expected["bytes"].Whole, tensor.Bytes);
        findings.Same($"{expected.At}.offset", expected["offset_from_data_start"].Whole, tensor.Offset);
        if ((expected.Value("dequantised")
            ?? expected.Value("values") ?? expected.Value("values_in_c_order")) is { } values
            && GgufBlocks.CanDecode(tensor.Type))
        {
            using var scope = TensorScope.Open();
            findings.Close(values, file.Load(name).ToArray<double>(), new Tolerance(1e-6, 0, OfLargest: true));
        }
    }
}
