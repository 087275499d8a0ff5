using System.Text.Json.Nodes;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Files;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Adapters;

/// <summary>Adapters of every PEFT kind: logits, gradients, six updates, merged weights, and what is written
/// back.</summary>
/// <remarks>
/// Departures, on purpose, where PEFT changes a matrix that embedding and head share: its merged logits differ from the
/// adapter's by up to 7.8 (<c>lora_tied_embed</c>) because the head changes with the embedding, or by 1.6
/// (<c>lora_tied_embed_ensure</c>) because both changes go into the one matrix; and by 0.15 where layers are replicated
/// (<c>lora_layer_replication</c>). Here the merged model gets a head, and layers, of its own and its logits are the
/// adapter's: these are compared, the recorded weights of such matrices are not.
/// </remarks>
public sealed class AdapterCaseCheck : ICheck
{
    private static readonly string[] Sets = ["target_modules", "exclude_modules", "feedforward_modules"];

    public string Area => "adapters";

    public IReadOnlyList<string> Kinds => ["cases:*"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        var (model, adapter) = AdaptedModel.Load(golden, golden.Beside("."));
        using var owned = model;
        CompareForward(golden, model, findings);
        CompareWritten(golden, adapter, findings);
        CompareMerged(golden, model, adapter, findings);
        CompareTraining(golden, findings);
    }

    private static void CompareForward(GoldenCase golden, AdaptedModel model, Findings findings)
    {
        using var expected = SafetensorsFile.Open(golden.Beside("expected.safetensors"));
        model.CompareLogits(findings, "logits", expected.Load("logits"), LogitTolerance(golden));
    }

    private static Tolerance LogitTolerance(GoldenCase golden) =>
        new(0, golden.Record["tolerance"]["logits_abs"].Number);

    private static void CompareTraining(GoldenCase golden, Findings findings)
    {
        var (record, tolerance) = (golden.Record, golden.Record["tolerance"]);
        var (model, adapter) = Trained(golden);
        using var owned = model;
        adapter.SetTrainable(true);

        var losses = new Tolerance(0, tolerance["losses_abs"].Number);
        findings.Close(golden.Expected["loss"], model.Accumulate(adapter, 0), losses);
        var aliases = adapter.Tensors();
        CompareGradients(golden, adapter, aliases, findings, new Tolerance(0, tolerance["grads_abs"].Number));
        AdaptedModel.Forget(adapter);

        var rule = AdaptedModel.RuleOf(record["optimizer"]);
        var steps = golden.Expected["train_losses"].Items;
        foreach (var (step, loss) in steps.Index())
        {
            findings.Close(loss, model.Accumulate(adapter, step), losses);
            model.Step(adapter, rule);
        }

        var final = IsPrompt(adapter) ? adapter.Parameters : adapter.Tensors();
        AdaptedModel.CompareTensors(findings, "final", golden.Beside("final.safetensors"), final, new Tolerance(
            0, tolerance["final_abs"].Number));
    }

    // A second name of a tensor that is trained under its first is no gradient of its own.
    private static void CompareGradients(
        GoldenCase golden,
        Adapter adapter,
        IReadOnlyDictionary<string, Tensor> aliases,
        Findings findings,
        Tolerance tolerance)
    {
        using var file = SafetensorsFile.Open(golden.Beside("grads.safetensors"));
        foreach (var name in file.Header.Entries.Select(entry => entry.Name))
        {
            if (adapter.Parameters.GetValueOrDefault(name) is { } parameter)
            {
                var expected = file.Load(name);
                var got = parameter.Grad ?? expected.ZerosLike();
                findings.Close($"grads {name}", expected.ToArray<double>(), got.ToArray<double>(), tolerance);
            }
            else if (!aliases.ContainsKey(name))
            {
                findings.Fail($"grads {name}", "the product trains no such tensor");
            }
        }
    }

    // The network behind virtual tokens is in no adapter file: the record has it beside.
    private static (AdaptedModel Model, Adapter Adapter) Trained(GoldenCase golden)
    {
        var state = golden.Beside("encoder_state.safetensors");
        if (!File.Exists(state))
        {
            return AdaptedModel.Load(golden, golden.Beside("."));
        }

        var model = AdaptedModel.Load(golden);
        using var noGrad = Autograd.NoGrad();
        using var file = SafetensorsFile.Open(state);
        var adapter = Adapter.Create(
            model.Decoder, AdapterFolder.ReadConfig(golden.Beside(".")), seed: 1, model.Folder.Tokenizer);
        foreach (var (name, parameter) in adapter.Parameters)
        {
            parameter.CopyFrom(file.Load(name));
        }

        model.Decoder.WeightsChanged();
        return (model, model.Attach(adapter, "default"));
    }

    private static bool IsPrompt(Adapter adapter) => adapter.Config is PrefixConfig or PromptConfig or PTuningConfig;

    private static void CompareMerged(GoldenCase golden, AdaptedModel model, Adapter adapter, Findings findings)
    {
        var expected = golden.Expected;
        if (expected.Value("merge_and_unload_error") is not null)
        {
            var refused = false;
            try
            {
                MergedWeights.Of(model.Decoder, model.Decoder.Adapters.Active);
            }
            catch (CheckpointException)
            {
                refused = true;
            }

            findings.Same("merging is refused", true, refused);
            return;
        }

        if (expected.Value("merged_weights") is not { } weights)
        {
            return;
        }

        CompareMergedWeights(weights, model.Decoder, adapter, findings);
        CompareMergedFolder(golden, model, findings);
    }

    private static void CompareMergedWeights(Field weights, Decoder decoder, Adapter adapter, Findings findings)
    {
        var merged = MergedWeights.Of(decoder, decoder.Adapters.Active);
        var replicated = adapter.Config is LoraConfig { LayerReplication.Count: > 0 };
        var nearly = new Tolerance(1e-5, 1e-4);
        foreach (var (name, recorded) in weights.Entries)
        {
            var shared = decoder.Config.TiedHead && name is "model.embed_tokens.weight" or "lm_head.weight";
            if (replicated || (shared && adapter.Config.ModulesToSave.Count == 0))
            {
                continue;
            }

            var own = shared ? "model.embed_tokens.weight" : name;
            var before = decoder.Parameters[own];
            var weight = (merged.GetValueOrDefault(own) ?? before).To(DType.Float64);
            findings.Close(recorded["sum"], weight.Sum().Item(), nearly);
            findings.Close(recorded["l2"], Norm(weight), nearly);
            findings.Close(recorded["delta_l2"], Norm(weight - before.To(DType.Float64)), nearly);
        }
    }

    // What is written merged gives the adapter's logits; merged in place and back, the weights are what they were.
    private static void CompareMergedFolder(GoldenCase golden, AdaptedModel model, Findings findings)
    {
        var folder = Directory.CreateTempSubdirectory("hone-conformance-").FullName;
        try
        {
            model.Folder.SaveMerged(folder, model.Decoder.Adapters.Active);
            using var merged = ModelFolder.Load(folder);
            using var expected = SafetensorsFile.Open(golden.Beside("expected.safetensors"));
            model.CompareLogits(
                merged.Decoder, findings, "merged logits", expected.Load("logits"), LogitTolerance(golden));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        var before = model.Decoder.Parameters.ToDictionary(
            weight => weight.Key, weight => weight.Value.ToArray<float>());
        try
        {
            AdapterMerge.Into(model.Decoder, model.Decoder.Adapters.Active).Dispose();
        }
        catch (CheckpointException e) when (
            e.Message.StartsWith("merge: places that share one matrix", StringComparison.Ordinal))
        {
            return; // one matrix cannot hold two
        }

        foreach (var (name, weight) in before)
        {
            findings.SameList($"unmerged {name}", weight, model.Decoder.Parameters[name].ToArray<float>());
        }
    }

    private static double Norm(Tensor x) => Math.Sqrt((x * x).Sum().Item());

    private static void CompareWritten(GoldenCase golden, Adapter adapter, Findings findings)
    {
        var folder = Directory.CreateTempSubdirectory("hone-conformance-").FullName;
        try
        {
            adapter.Save(folder);
            findings.SameList(
                AdapterFolder.PeftWeights,
                File.ReadAllBytes(golden.Beside(AdapterFolder.PeftWeights)),
                File.ReadAllBytes(Path.Combine(folder, AdapterFolder.PeftWeights)));
            var expected = Json(golden.Beside(AdapterFolder.ConfigName));
            var written = Json(Path.Combine(folder, AdapterFolder.ConfigName));
            findings.SameList("adapter_config.json keys", [.. expected.Select(field => field.Key)], [.. written.Select(
                field => field.Key)]);
            foreach (var (name, value) in expected)
            {
                findings.Same($"adapter_config.json {name}", Text(name, value), Text(name, written[name]));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static JsonObject Json(string path) => (JsonObject)JsonNode.Parse(File.ReadAllText(path))!;

    // The order of a set means nothing, and a number of a layer stands for a list of it.
    private static string Text(string name, JsonNode? value) => value switch
    {
        null => "null",
        JsonValue when name == "layers_to_transform" => $"[{value.ToJsonString()}]",
        JsonArray list when Sets.Contains(name) =>
            string.Join(", ", list.Select(item => item!.ToJsonString()).Order(StringComparer.Ordinal)),
        _ => value.ToJsonString(),
    };
}
