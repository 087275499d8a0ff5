using System.Text.Json.Nodes;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Files;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Adapters;

/// <summary>Bottleneck adapters of the <c>adapters</c> library: logits, gradients, six updates, the base model when
/// off, and what is written back.</summary>
public sealed class BottleneckCheck : ICheck
{
    public string Area => "adapters";

    public IReadOnlyList<string> Kinds => ["bottleneck"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var model = AdaptedModel.Load(golden);
        var (record, tolerance) = (golden.Record, golden.Record["tolerance"]);
        using var expected = SafetensorsFile.Open(golden.Beside("expected.safetensors"));
        var adapter = model.Attach(golden.Beside("."));
        model.CompareLogits(
            findings, "logits", expected.Load("logits"), new Tolerance(0, tolerance["logits_abs"].Number));
        CompareWritten(golden, adapter, findings);

        adapter.SetTrainable(true);
        var losses = new Tolerance(0, tolerance["losses_abs"].Number);
        findings.Close(golden.Expected["loss"], model.Accumulate(adapter, 0), losses);
        var gradients = adapter.Parameters.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.Grad!);
        AdaptedModel.CompareTensors(
            findings, "grads", golden.Beside("grads.safetensors"), gradients, new Tolerance(
                0, tolerance["grads_abs"].Number));
        AdaptedModel.Forget(adapter);

        var rule = AdaptedModel.RuleOf(record["optimizer"]);
        foreach (var (step, loss) in golden.Expected["train_losses"].Items.Index())
        {
            findings.Close(loss, model.Accumulate(adapter, step), losses);
            model.Step(adapter, rule);
        }

        AdaptedModel.CompareTensors(
            findings, "final", golden.Beside("final.safetensors"), adapter.Parameters, new Tolerance(
                0, tolerance["final_abs"].Number));
    }

    private static void CompareWritten(GoldenCase golden, Adapter adapter, Findings findings)
    {
        var folder = Directory.CreateTempSubdirectory("hone-conformance-").FullName;
        try
        {
            adapter.Save(folder);
            foreach (var name in new[] { AdapterFolder.BottleneckWeights, AdapterFolder.ConfigName,
                "adapter_interface.json" })
            {
                var (expected, written) = (golden.Beside(name), Path.Combine(folder, name));
                findings.Same($"{name} is there", File.Exists(expected), File.Exists(written));
                if (File.Exists(expected) && name.EndsWith(".json", StringComparison.Ordinal))
                {
                    findings.Same(name, Text(expected), Text(written));
                }
                else if (File.Exists(expected))
                {
                    findings.SameList(name, File.ReadAllBytes(expected), File.ReadAllBytes(written));
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Text(string path) => JsonNode.Parse(File.ReadAllText(path))!.ToJsonString();
}
