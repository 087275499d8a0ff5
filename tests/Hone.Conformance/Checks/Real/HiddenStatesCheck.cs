using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Real;

/// <summary>The states after the last normalisation and the logits of a text.</summary>
/// <remarks>Not compared: what single layers give, which the product does not hand out.</remarks>
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
        var logits = model.Decoder.Logits(hidden);

        Close("last_hidden_state", file.Load("last_hidden_state"), hidden, 2e-4);
        Close("logits_f16", file.Load("logits_f16"), logits, 0.02);
        findings.Close(
            golden.Record["logsumexp_f64"], logits.LogSumExp(-1).ToArray<double>(), new Tolerance(0, 3e-4));
        findings.SameList("argmax", RealModel.Ids(golden.Record["argmax"]), [.. logits.ArgMax(-1).ToArray<int>()]);

        void Close(string name, Tensor expected, Tensor got, double tolerance) => findings.Close(
            name, expected.To(DType.Float32).ToArray<double>(), got.ToArray<double>(), new Tolerance(0, tolerance));
    }
}
