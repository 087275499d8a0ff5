using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Conformance.Checks.Adapters;

/// <summary>LoRA+: the rate and decay of each tensor, and six updates.</summary>
/// <remarks>Of LoRA-FA the frozen A is not recorded, so that its trajectory cannot be followed.</remarks>
public sealed class LoraOptimizerCheck : ICheck
{
    public string Area => "adapters";

    public IReadOnlyList<string> Kinds => ["lora_optimizers:loraplus"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var model = AdaptedModel.Load(golden);
        var (record, tolerance) = (golden.Record, golden.Record["tolerance"]);
        var config = (LoraConfig)RecordedOptions.Config(record["lora"], "LORA");
        var adapter = RecordedOptions.Begin(model, config, golden.Beside("initial.safetensors"));
        adapter.SetTrainable(true);
        var rule = Plus(golden, model, adapter, findings);
        var losses = new Tolerance(0, tolerance["losses_abs"].Number);
        var norms = record["grad_norms"].Items;
        foreach (var (step, loss) in record["losses"].Items.Index())
        {
            findings.Close(loss, model.Accumulate(adapter, step), losses);
            findings.Close(norms[step], model.Step(adapter, rule), new Tolerance(1e-4));
        }

        AdaptedModel.CompareTensors(
            findings,
            "final",
            golden.Beside("final.safetensors"),
            Named(adapter),
            new Tolerance(0, tolerance["final_abs"].Number));
    }

    private static Dictionary<string, Tensor> Named(Adapter adapter) => adapter.Parameters
        .SelectMany(one => new[] { one, KeyValuePair.Create(RecordedOptions.Wrapped(one.Key), one.Value) })
        .ToDictionary(StringComparer.Ordinal);

    private static Func<string, OptimizerStep> Plus(
        GoldenCase golden, AdaptedModel model, Adapter adapter, Findings findings)
    {
        var options = golden.Options;
        var rates = new LoraPlus
        {
            Ratio = options["loraplus_lr_ratio"].Number,
            EmbeddingRate = options.NumberOr("loraplus_lr_embedding", 1e-6),
        };
        var isLayerNorm = model.Decoder.Config.Norm.Kind == NormKind.Layer;
        (double Rate, double Decay) Of(string name)
        {
            var dimensions = adapter.Parameters[name].Shape.Length;
            var norm = isLayerNorm && !DecayGroups.Decays(name);
            return (
                rates.RateOf(name, dimensions, options["lr"].Number),
                LoraPlus.Decays(name, dimensions, norm) ? options.NumberOr("loraplus_weight_decay", 0) : 0);
        }

        foreach (var group in golden.Record["groups"].Items)
        {
            foreach (var name in group["params"].Items.Select(one => Plain(one.Text)))
            {
                var (rate, decay) = Of(name);
                findings.Close($"rate of {name}", group["lr"].Number, rate, new Tolerance(1e-12));
                findings.Close($"decay of {name}", group["weight_decay"].Number, decay, new Tolerance(1e-12));
            }
        }

        var first = golden.Record["groups"].Items[0];
        var betas = first["betas"].Numbers;
        return name => new OptimizerStep(
            new Adam
            {
                Beta1 = betas[0],
                Beta2 = betas[1],
                Epsilon = first["eps"].Number,
                WeightDecay = Of(name).Decay,
            },
            Of(name).Rate);
    }

    // The library's names of what is trained, as its files have them.
    private static string Plain(string name) => name
        .Replace(".modules_to_save.default", "", StringComparison.Ordinal)
        .Replace(".default", "", StringComparison.Ordinal);
}
