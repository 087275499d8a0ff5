using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Checkpoints;
using Hone.Models.Quantisation;
using Hone.Torch;

namespace Hone.Conformance.Checks.Quantisation;

/// <summary>Tensors as codes in blocks, with scales that may be codes themselves, and back.</summary>
public sealed class BlockwiseCheck : ICheck
{
    // Inputs this near a midpoint between two values may become either.
    private const double Midpoint = 1e-6;

    public string Area => "quantisation";

    public IReadOnlyList<string> Kinds => ["blockwise"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var file = SafetensorsFile.Open(golden.Beside(golden.File["tensors"].Text));
        var name = golden.Record["name"].Text;
        var input = file.Load($"input.{name[..name.IndexOf('.', StringComparison.Ordinal)]}");
        var block = (int)golden.Record["blocksize"].Whole;
        switch (golden.Record["quant_type"].Text)
        {
            case "nf4":
                FourBits(golden, findings, file, name, input, CodeTable.Nf4, block);
                break;
            case "fp4":
                FourBits(golden, findings, file, name, input, CodeTable.Fp4, block);
                break;
            case "dynamic signed 8-bit":
                Bytes(findings, file, name, input, block);
                break;
            case var other:
                findings.Fail("quant_type", $"is known, got {other}");
                break;
        }
    }

    private static void FourBits(
        GoldenCase golden, Findings findings, SafetensorsFile file, string name, Tensor input,
        CodeTable table, int block)
    {
        var relative = golden.File["tolerance"];
        var doubled = golden.Record.FlagOr("double_quantisation", false);
        using var weight = FourBitWeight.Quantise(input, table, block, doubled);
        SameCodes(findings, "packed", Unpacked(file.Load($"packed.{name}"), input.Count),
            Unpacked(weight.Codes, input.Count), input, weight, table);
        findings.Close(
            "absmax", file.Load($"absmax.{name}").ToArray<double>(), weight.Scales().ToArray<double>(),
            new Tolerance(doubled ? 0.02 : relative["nested_absmax_rel"].Number, 0, OfLargest: true));
        if (doubled)
        {
            findings.SameList("absmax_uint8", file.Load($"nearest_absmax_uint8.{name}").ToArray<byte>(),
                weight.ScaleCodes!.ToArray<byte>());
            findings.Close(
                "nested_absmax", file.Load($"nested_absmax.{name}").ToArray<double>(),
                weight.NestedScales!.ToArray<double>(),
                new Tolerance(relative["nested_absmax_rel"].Number));
            findings.Close("offset", golden.Record["offset"].Number, weight.Offset,
                new Tolerance(relative["nested_absmax_rel"].Number));
        }

        // The recorded codes and scales, which are the library's own, must give the recorded values.
        using var recorded = Recorded(golden, file, name, input, table, block, doubled);
        findings.Close(
            "dequantised", file.Load($"dequantised.{name}").ToArray<double>(), recorded.Dequantise().ToArray<double>(),
            new Tolerance(relative["dequantised_rel"].Number, 0, OfLargest: true));
        findings.Close(
            "mean_abs_error", golden.Record["mean_abs_error"].Number,
            (weight.Dequantise() - input).Abs().To(DType.Float64).Mean().Item(), new Tolerance(1e-3, 1e-12));
    }

    private static FourBitWeight Recorded(
        GoldenCase golden, SafetensorsFile file, string name, Tensor input, CodeTable table, int block, bool doubled) =>
            doubled
        ? FourBitWeight.Of(
            table, block, input.Shape, file.Load($"packed.{name}").Reshape(-1),
            file.Load($"absmax_uint8.{name}").Reshape(-1),
            file.Load($"nested_absmax.{name}").Reshape(-1), (float)golden.Record["offset"].Number)
        : FourBitWeight.Of(table, block, input.Shape, file.Load($"packed.{name}").Reshape(-1),
            file.Load($"absmax.{name}").Reshape(-1));

    private static void Bytes(Findings findings, SafetensorsFile file, string name, Tensor input, int block)
    {
        var table = CodeTable.SignedBytes;
        var (codes, scales) = Fused.QuantiseBlocks(input, table, block);
        findings.SameList("codes", file.Load($"nearest.{name}").ToArray<byte>(), codes.ToArray<byte>());
        findings.Close(
            "absmax", file.Load($"absmax.{name}").ToArray<double>(), scales.ToArray<double>(), Tolerance.Exact);
        findings.Close(
            "dequantised", file.Load($"dequantised.{name}").ToArray<double>(),
            Fused.DequantiseBlocks(file.Load($"packed.{name}"), scales, table, block, DType.Float32, input.Shape)
                .ToArray<double>(),
            new Tolerance(1e-6, 0, OfLargest: true));
    }

    // Equal as values (a table may have two zeros), but where the input lies on a midpoint.
    private static void SameCodes(
        Findings findings, string quantity, byte[] expected, byte[] got, Tensor input, FourBitWeight weight,
        CodeTable table)
    {
        var scales = weight.Scales().ToArray<float>();
        var values = input.ToArray<float>();
        findings.Same($"{quantity}.count", expected.Length, got.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var (a, b) = (table.Values[expected[i]], table.Values[got[i]]);
            var scaled = scales[i / weight.BlockSize] == 0 ? 0 : values[i] / (double)scales[i / weight.BlockSize];
            if (a != b && (weight.IsDouble ? 0 : Math.Abs(scaled - ((a + b) / 2.0))) > Midpoint)
            {
                findings.Fail(
                    $"{quantity}[{i}]", $"expected code {expected[i]}, got {got[i]} for {scaled} of the largest");
                return;
            }
        }
    }

    private static byte[] Unpacked(Tensor packed, long count) =>
        [.. packed.ToArray<byte>().SelectMany(pair => new[] { (byte)(pair >> 4), (byte)(pair & 15) }).Take((int)count)];
}
