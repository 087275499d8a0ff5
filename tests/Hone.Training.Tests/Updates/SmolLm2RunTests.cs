using System.Text.Json;
using Hone.Algorithms.Optimizers;
using Hone.Data;
using Hone.Models;
using Hone.Models.Adapters;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Metrics;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Training.Tests.Updates;

/// <summary>A real model out of a GGUF file is fine-tuned as a reference has done it: <c>train/sft.json</c> beside the
/// file.</summary>
public sealed class SmolLm2RunTests
{
    // Of the five updates that are recorded; each takes seconds.
    private const int Updates = 2;

    private const int Untrained = -100;

    private static readonly string Folder = Path.Combine(Repository.Fixtures, "models", "smollm2-135m-instruct");

    [Fact]
    public void Losses_and_gradients_of_conversations_are_those_of_the_reference()
    {
        using var golden = Read("sft.json");
        using var model = ModelFolder.Load(Model);
        model.Decoder.SetTrainable(true);

        Compare(golden, model.Decoder, model.Decoder.Parameters, movesModel: true);
    }

    [Fact]
    public void Those_of_an_adapter_are_as_well()
    {
        using var golden = Read("lora_sft.json");
        var initial = Path.Combine(Folder, "train", "lora_init");
        using var model = ModelFolder.Load(Model, [new NamedAdapter(initial)]);
        var adapter = model.Decoder.Adapters.Find(initial).Adapters[0].Adapter;
        adapter.SetTrainable(true);

        Compare(golden, model.Decoder, adapter.Parameters, movesModel: false);
    }

    private static string Model => Path.Combine(Folder, "SmolLM2-135M-Instruct.Q4_1.gguf");

    private static void Compare(
        JsonDocument golden, Decoder decoder, IReadOnlyDictionary<string, Tensor> weights, bool movesModel)
    {
        using var conversations = Read("sft.json");
        var steps = golden.RootElement.GetProperty("steps").EnumerateArray().ToArray();
        TrainingExample[] examples =
            [.. conversations.RootElement.GetProperty("conversations").EnumerateArray().Select(Example)];
        using var optimizer = new OptimizerState(weights, new Adam(), clipNorm: 0);
        var updater = new ModelUpdater(decoder, optimizer, tokensPerMicroBatch: 1024) { MovesModel = movesModel };
        var objective = new SftObjective(new SftOptions());
        var rate = golden.RootElement.GetProperty("learning_rate").GetDouble();
        for (var step = 0; step < Updates; step++)
        {
            var metrics = new MetricSet();
            updater.Update(examples, objective, rate, metrics, TestContext.Current.CancellationToken);

            var loss = steps[step].GetProperty("loss").GetDouble();
            Assert.Equal(loss, metrics["loss"].Mean, step == 0 ? 2e-5 : 1e-4 * loss);
            var norm = steps[step].GetProperty("grad_norm").GetDouble();
            Assert.Equal(norm, metrics["grad_norm"].Mean, 1e-3 * norm);
        }
    }

    private static JsonDocument Read(string name)
    {
        var path = Path.Combine(Folder, "train", name);
        if (!File.Exists(path))
        {
            Assert.Skip($"{path} is absent; point HONE_FIXTURES at the folder of models and data");
        }

        return JsonDocument.Parse(File.ReadAllBytes(path));
    }

    private static TrainingExample Example(JsonElement conversation)
    {
        int[] ids = [.. conversation.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        return new TrainingExample(
            ids, [.. conversation.GetProperty("labels").EnumerateArray().Select(
                label => label.GetInt32() != Untrained)]);
    }
}
