using System.Text.Json;
using Hone.Algorithms.Optimizers;
using Hone.Data;
using Hone.Models;
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
        var path = Path.Combine(Folder, "train", "sft.json");
        if (!File.Exists(path))
        {
            Assert.Skip($"{path} is absent; point HONE_FIXTURES at the folder of models and data");
        }

        using var golden = JsonDocument.Parse(File.ReadAllBytes(path));
        var steps = golden.RootElement.GetProperty("steps").EnumerateArray().ToArray();
        TrainingExample[] examples = [.. golden.RootElement.GetProperty("conversations").EnumerateArray().Select(Example)];
        using var model = ModelFolder.Load(Path.Combine(Folder, "SmolLM2-135M-Instruct.Q4_1.gguf"));
        model.Decoder.SetTrainable(true);
        using var optimizer = new OptimizerState(model.Decoder.Parameters, new Adam(), clipNorm: 0);
        var updater = new ModelUpdater(model.Decoder, optimizer, tokensPerMicroBatch: 1024);
        var objective = new SftObjective(new SftOptions());

        for (var step = 0; step < Updates; step++)
        {
            var metrics = new MetricSet();
            updater.Update(examples, objective, rate: 1e-4, metrics, TestContext.Current.CancellationToken);

            var loss = steps[step].GetProperty("loss").GetDouble();
            Assert.Equal(loss, metrics["loss"].Mean, step == 0 ? 2e-5 : 1e-4 * loss);
            var norm = steps[step].GetProperty("grad_norm").GetDouble();
            Assert.Equal(norm, metrics["grad_norm"].Mean, 1e-3 * norm);
        }
    }

    private static TrainingExample Example(JsonElement conversation)
    {
        int[] ids = [.. conversation.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        return new TrainingExample(
            ids, [.. conversation.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32() != Untrained)]);
    }
}
