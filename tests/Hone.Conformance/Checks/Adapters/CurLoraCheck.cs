using System.Text.Json.Nodes;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Files;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Adapters;

/// <summary>
/// CURLoRA: probabilities, the choice by recorded draws, logits, gradients, six updates, merged change.
/// </summary>
public sealed class CurLoraCheck : ICheck
{
    private const string Prefix = "base_model.model.";

    public string Area => "adapters";

    public IReadOnlyList<string> Kinds => ["curlora"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var model = AdaptedModel.Load(golden);
        var (record, tolerance) = (golden.Record, golden.Record["tolerance"]);
        using var expected = SafetensorsFile.Open(golden.Beside("expected.safetensors"));
        CompareChoice(record["modules"].Items, model, findings, new Tolerance(tolerance["probabilities_rel"].Number));

        var adapter = Load(golden, model, expected);
        model.CompareLogits(
            findings, "logits", expected.Load("logits"), new Tolerance(0, tolerance["logits_abs"].Number));
        CompareMerged(record["modules"].Items, model, expected, findings);
        adapter.SetTrainable(true);
        var losses = new Tolerance(0, tolerance["losses_abs"].Number);
        findings.Close(golden.Expected["loss"], model.Accumulate(adapter, 0), losses);
        Compare("grad.", tensor => tensor.Grad!, adapter, expected, findings, tolerance["grads_abs"].Number);
        AdaptedModel.Forget(adapter);

        var rule = AdaptedModel.RuleOf(record["optimizer"]);
        var norms = golden.Expected["train_grad_norms"].Items;
        foreach (var (step, loss) in golden.Expected["train_losses"].Items.Index())
        {
            findings.Close(loss, model.Accumulate(adapter, step), losses);
            findings.Close(norms[step], model.Step(adapter, rule), new Tolerance(1e-4));
        }

        Compare("final.", tensor => tensor, adapter, expected, findings, tolerance["final_abs"].Number);
    }

    private static void CompareChoice(
        IReadOnlyList<Field> modules, AdaptedModel model, Findings findings, Tolerance tolerance)
    {
        foreach (var module in modules)
        {
            var weight = model.Decoder.Parameters[$"{module["module"].Text}.weight"];
            foreach (var (kind, draws, chosen, dimension) in new[]
            {
                ("column_probabilities", "uniform_draws_columns", "columns", 1),
                ("row_probabilities", "uniform_draws_rows", "rows", 0),
            })
            {
                var probabilities = CurSelection.Probabilities(weight, dimension);
                findings.Close(module[kind], probabilities, tolerance);
                findings.SameList(
                    module[chosen].At,
                    [.. module[chosen].Numbers.Select(one => (int)one)],
                    CurSelection.Choose(probabilities, module[draws].Numbers));
            }
        }
    }

    // The product's own file of the recorded choice and U.
    private static Adapter Load(GoldenCase golden, AdaptedModel model, SafetensorsFile expected)
    {
        var folder = Directory.CreateTempSubdirectory("hone-conformance-").FullName;
        try
        {
            var tensors = new Dictionary<string, Tensor>();
            var names = new JsonArray();
            foreach (var module in golden.Record["modules"].Items)
            {
                var name = module["module"].Text;
                names.Add((JsonNode)name);
                tensors[$"{Prefix}{name}.curlora_columns"] = Numbers(module["columns"]);
                tensors[$"{Prefix}{name}.curlora_rows"] = Numbers(module["rows"]);
                tensors[$"{Prefix}{name}.curlora_U"] = expected.Load($"{name}.U");
            }

            SafetensorsWriter.Write(Path.Combine(folder, AdapterFolder.PeftWeights), tensors);
            File.WriteAllText(Path.Combine(folder, AdapterFolder.ConfigName), new JsonObject
            {
                ["peft_type"] = "CURLORA",
                ["task_type"] = "CAUSAL_LM",
                ["r"] = golden.Options["rank"].Whole,
                ["alpha"] = golden.Options["alpha"].Number,
                ["target_modules"] = names,
            }.ToJsonString());
            return model.Attach(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Tensor Numbers(Field field) => Tensor.Of<float>([.. field.Numbers.Select(one => (float)one)]);

    private static void CompareMerged(
        IReadOnlyList<Field> modules, AdaptedModel model, SafetensorsFile expected, Findings findings)
    {
        using var noGrad = Autograd.NoGrad();
        var merged = MergedWeights.Of(model.Decoder, model.Decoder.Adapters.Active);
        foreach (var name in modules.Select(module => module["module"].Text))
        {
            var change = merged[$"{name}.weight"] - model.Decoder.Parameters[$"{name}.weight"];
            findings.Close(
                $"merged {name}",
                expected.Load($"merged_delta.{name}").ToArray<double>(),
                change.ToArray<double>(),
                new Tolerance(0, 1e-6));
        }
    }

    private static void Compare(
        string prefix,
        Func<Tensor, Tensor> of,
        Adapter adapter,
        SafetensorsFile expected,
        Findings findings,
        double tolerance)
    {
        foreach (var (name, parameter) in adapter.Parameters)
        {
            var recorded = $"{prefix}{Adapter.ModuleOf(name).Replace(".curlora_U", ".U", StringComparison.Ordinal)}";
            findings.Close(
                recorded,
                expected.Load(recorded).ToArray<double>(),
                of(parameter).ToArray<double>(),
                new Tolerance(0, tolerance));
        }
    }
}
