using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Adapters;

/// <summary>Low-rank adapters that begin with factors of the weight: what they are, three updates, and the ordinary
/// adapter they are stored as.</summary>
/// <remarks>
/// The factors are unique up to signs, so that s·B·A and the rest of the weight are compared. The weight itself is not
/// changed here: what is taken off it is taken off its product.
/// </remarks>
public sealed class InitialCheck : ICheck
{
    public string Area => "adapters";

    public IReadOnlyList<string> Kinds => ["inits"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var model = AdaptedModel.Load(golden);
        var (record, tolerance) = (golden.Record, golden.Record["tolerance"]);
        var config = (LoraConfig)RecordedOptions.Config(golden.Options, "LORA");
        var adapter = Adapter.Create(model.Decoder, config, seed: 1);
        CompareFactors(golden, model, adapter, findings);
        model.Attach(adapter, "default");
        if (record.Value("losses") is not { } losses)
        {
            return;
        }

        adapter.SetTrainable(true);
        var rule = AdaptedModel.UsualRule;
        foreach (var (step, loss) in losses.Items.Index())
        {
            findings.Close(loss, model.Accumulate(adapter, step), new Tolerance(0, 5e-5));
            findings.Close(record["grad_norms"].Items[step], model.Step(adapter, rule), new Tolerance(1e-3));
        }

        using var expected = SafetensorsFile.Open(golden.Beside("expected.safetensors"));
        model.CompareLogits(findings, "logits_trained", expected.Load("logits_trained"), new Tolerance(0, 1e-4));
        CompareConverted(golden, adapter, findings, tolerance["scaled_BA_abs"].Number);
    }

    private static void CompareFactors(GoldenCase golden, AdaptedModel model, Adapter adapter, Findings findings)
    {
        using var noGrad = Autograd.NoGrad();
        var (record, tolerance) = (golden.Record, golden.Record["tolerance"]);
        var tensors = adapter.Tensors();
        using var initial = SafetensorsFile.Open(golden.Beside("initial.safetensors"));
        foreach (var module in record["modules"].Items)
        {
            var name = module["module"].Text;
            var (a, b) = (Factor(adapter, tensors, name, "lora_A"), Factor(adapter, tensors, name, "lora_B"));
            var product = b.Matmul(a) * module["scaling"].Number;
            findings.Close(
                $"scaled_BA of {name}",
                initial.Load($"{name}.scaled_BA").ToArray<double>(),
                product.ToArray<double>(),
                new Tolerance(0, tolerance["scaled_BA_abs"].Number));
            var weight = model.Decoder.Parameters[$"{name}.weight"];
            var rest = module["base_changed"].Flag ? weight - product : weight;
            findings.Close(
                $"base_weight of {name}",
                initial.Load($"{name}.base_weight").ToArray<double>(),
                rest.ToArray<double>(),
                new Tolerance(0, tolerance["base_weight_abs"].Number));
        }
    }

    // The factor itself: what is stored may have the start beside it. One that is not trained is stored alone.
    private static Tensor Factor(
        Adapter adapter, IReadOnlyDictionary<string, Tensor> tensors, string module, string factor)
    {
        var name = $"base_model.model.{module}.{factor}.weight";
        return adapter.Parameters.GetValueOrDefault(name) ?? tensors[name];
    }

    // Ranks of the two may be in another order and of other signs: the change of the weight is the same.
    private static void CompareConverted(GoldenCase golden, Adapter adapter, Findings findings, double tolerance)
    {
        using var noGrad = Autograd.NoGrad();
        var conversion = golden.Record["conversion"];
        var stored = adapter.Tensors();
        using var converted = SafetensorsFile.Open(golden.Beside("converted/adapter_model.safetensors"));
        foreach (var name in golden.Record["modules"].Items.Select(module => module["module"].Text))
        {
            var (down, up) = ($"base_model.model.{name}.lora_A.weight", $"base_model.model.{name}.lora_B.weight");
            findings.Same($"rank of {name}", conversion["r"].Whole, stored[down].Size(0));
            var scale = conversion["lora_alpha"].Number / conversion["r"].Number;
            findings.Close(
                $"converted {name}",
                (converted.Load(up).Matmul(converted.Load(down)) * scale).ToArray<double>(),
                (stored[up].Matmul(stored[down]) * scale).ToArray<double>(),
                new Tolerance(0, 5 * tolerance));
        }
    }
}
