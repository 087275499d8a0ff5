using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Checkpoints;
using Hone.Models.Quantisation;
using Hone.Torch;

namespace Hone.Conformance.Checks.Quantisation;

/// <summary>Layers of GPTQ as their checkpoints pack them.</summary>
/// <remarks>Where AutoGPTQ lets the stored zero of a zero point of 0 run over into its neighbours, its words are not
/// written so: here each zero is (z − 1) mod 2^bits, as readers expect. Such words are compared by what is read of the
/// others alone.</remarks>
public sealed class GptqPackingCheck : ICheck
{
    public string Area => "quantisation";

    public IReadOnlyList<string> Kinds => ["gptq_packed"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var packed = SafetensorsFile.Open(golden.Beside("gptq_packed.safetensors"));
        using var layers = SafetensorsFile.Open(golden.Beside("gptq.safetensors"));
        var name = golden.Record["name"].Text;
        var bits = (int)golden.Record["quantize_config"]["bits"].Whole;
        var (weight, zeros) = (packed.Load($"qweight.{name}"), packed.Load($"qzeros.{name}"));
        var scales = packed.Load($"scales_f16.{name}");
        var outputs = (int)weight.Size(1);

        var read = GptqLayer.Unpack(
            bits, outputs, weight.ToArray<int>(), zeros.ToArray<int>(), scales.ToArray<float>(),
            packed.Load($"g_idx.{name}").ToArray<int>(), version: 1);

        findings.SameList("codes", layers.Load($"q.{name}").Transpose(0, 1).ToArray<int>(), read.Codes);
        var expected = layers.Load($"zeros.{name}").Transpose(0, 1).ToArray<int>();
        var isWhole = golden.Record["packing"]["stored_zero_is_zero_minus_one_mod_2_bits"].Flag;
        if (isWhole)
        {
            findings.SameList("zeros", expected, read.Zeros);
            findings.SameList("qzeros", zeros.ToArray<int>(), read.PackedZeros(version: 1));
        }

        var whole = read with { Zeros = expected };
        findings.SameList("qweight", weight.ToArray<int>(), whole.PackedWeight());
        findings.SameList(
            "zeros packed and unpacked", expected,
            GptqLayer.Unpack(bits, outputs, whole.PackedWeight(), whole.PackedZeros(version: 1), whole.Scales,
                whole.Groups, version: 1).Zeros);
        findings.SameList(
            "zeros of version 2", expected,
            GptqLayer.Unpack(bits, outputs, whole.PackedWeight(), whole.PackedZeros(version: 2), whole.Scales,
                whole.Groups, version: 2).Zeros);
        Dequantised(findings, layers, name, whole);
    }

    // w = s·(q − z), with the scales in half precision as they are stored.
    private static void Dequantised(Findings findings, SafetensorsFile layers, string name, GptqLayer layer)
    {
        if (layers.Header.Find($"dequantised.{name}") is not null)
        {
            findings.Close(
                "dequantised", layers.Load($"dequantised.{name}").ToArray<double>(),
                [.. layer.Dequantise().Select(value => (double)value)],
                new Tolerance(1e-3, 0, OfLargest: true));
        }
    }
}
