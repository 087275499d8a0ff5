using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Checkpoints;
using Hone.Models.Gguf;
using Hone.Torch;

namespace Hone.Conformance.Checks.Real;

/// <summary>The states after the last normalisation and the logits of a text, what single layers give, and weights out
/// of their blocks.</summary>
/// <remarks>Not compared: how long the states between the layers are (<c>layer_norms</c>), which the product does not
/// hand out.</remarks>
public sealed class HiddenStatesCheck : ICheck
{
    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["hidden"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var model = RealModel.Load(golden);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var file = SafetensorsFile.Open(golden.Beside("hidden.safetensors"));
        var ids = RealModel.Ids(golden.Record["ids"]);
        findings.SameList("ids", ids, model.Tokenizer!.EncodeIds(golden.Record["text"].Text));

        var hidden = model.Decoder.Hidden(TokenBatch.Of(ids));
        var logits = model.Decoder.Head.Logits(hidden);

        Close("last_hidden_state", file.Load("last_hidden_state"), hidden, 2e-4);
        Close("logits_f16", file.Load("logits_f16"), logits, 0.02);
        var rows = file.Load("logits_rows_positions");
        Close("logits_rows_f32", file.Load("logits_rows_f32"), logits.IndexSelect(0, rows), 3e-4);
        findings.Close(
            golden.Record["logsumexp_f64"], logits.LogSumExp(-1).ToArray<double>(), new Tolerance(0, 3e-4));
        findings.SameList("argmax", RealModel.Ids(golden.Record["argmax"]), [.. logits.ArgMax(-1).ToArray<int>()]);
        double[] norms = [.. hidden.ToArray<double>().Chunk((int)hidden.Size(1)).Select(Norm)];
        findings.Close(golden.Record["last_hidden_state_norms_f64"], norms, new Tolerance(0, 2e-4));
        CompareBlocks(golden, findings);
        LayerDirections.Compare(findings, file, model.Decoder, TokenBatch.Of(ids));

        void Close(string name, Tensor expected, Tensor got, double tolerance) => findings.Close(
            name, expected.To(DType.Float32).ToArray<double>(), got.ToArray<double>(), new Tolerance(0, tolerance));
    }

    private static double Norm(double[] row) => Math.Sqrt(row.Sum(value => value * value));

    private static void CompareBlocks(GoldenCase golden, Findings findings)
    {
        using var weights = GgufFile.Open(Directory.GetFiles(RealModel.Folder(golden), "*.gguf").Single());
        foreach (var (name, expected) in golden.Record["dequantised"].Entries)
        {
            var bytes = MemoryMarshal.AsBytes(weights.Load(name).AsSpan<float>());
            findings.Same(
                name,
                expected["sha256_of_whole_dequantised_float32_little_endian"].Text,
                Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
    }
}
