using System.Text.Json;
using Hone.Algorithms.Optimizers;
using Hone.Data;
using Hone.Models;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Metrics;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Training.Tests.Updates;

/// <summary>A model of stories is trained as an implementation in float64 has trained it: <c>train_golden.json</c>
/// beside its weights.</summary>
public sealed class ReferenceRunTests
{
    private const int Steps = 10;

    private static readonly string Folder = Path.Combine(Repository.Fixtures, "models", "stories260k");

    [Fact]
    public void Loss_and_the_norm_of_each_gradient_are_those_of_the_reference()
    {
        var (example, expected) = Read();
        using var scope = TensorScope.Open();
        using var model = ModelFolder.Load(Folder);
        model.Decoder.SetTrainable(true);
        using var optimizer = new OptimizerState(model.Decoder.Parameters, new Adam(), clipNorm: 0);
        var updater = new ModelUpdater(model.Decoder, optimizer, example.Length);

        var loss = updater.Accumulate(
            [example],
            new SftObjective(new SftOptions()),
            ModelUpdater.CountsOf([example]),
            new MetricSet(),
            CancellationToken.None);

        var sft = expected.GetProperty("sft");
        Assert.Equal(sft.GetProperty("loss").GetDouble(), loss, 1e-5);
        var gradients = sft.GetProperty("grads").EnumerateObject().ToDictionary(
            entry => entry.Name, entry => entry.Value.GetProperty("l2").GetDouble());
        Assert.Equal(
            gradients.Keys.Order(StringComparer.Ordinal), model.Decoder.Parameters.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, norm) in gradients)
        {
            Assert.Equal(norm, GradientClipping.GlobalNorm([model.Decoder.Parameters[name].Grad!]), 1e-4 * norm);
        }
    }

    [Fact]
    public void Ten_updates_lose_what_those_of_the_reference_lose()
    {
        var (example, expected) = Read();
        using var scope = TensorScope.Open();
        using var model = ModelFolder.Load(Folder);
        model.Decoder.SetTrainable(true);

        // The reference lets all weights decay, norms too; under other names the groups do not tell them apart.
        var weights = model.Decoder.Parameters.Select(
            weight => KeyValuePair.Create($"weight of {weight.Value.Count}", weight.Value));
        using var optimizer = new OptimizerState(weights, new Adam { WeightDecay = 0.01 }, clipNorm: 0);
        var updater = new ModelUpdater(model.Decoder, optimizer, example.Length);
        var objective = new SftObjective(new SftOptions());
        List<double> losses = [];
        for (var step = 0; step < Steps; step++)
        {
            var metrics = new MetricSet();
            updater.Update([example], objective, rate: 0.001, metrics, CancellationToken.None);
            losses.Add(metrics["loss"].Mean);
        }

        losses.Add(updater.Accumulate(
            [example], objective, ModelUpdater.CountsOf([example]), new MetricSet(), CancellationToken.None));

        // The reference in float32 is 5e-6 away from itself in float64.
        var reference =
            expected.GetProperty("adamw_losses").EnumerateArray().Select(loss => loss.GetDouble()).ToArray();
        Assert.Equal(Steps + 1, reference.Length);
        Assert.All(reference.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, 5e-5 * pair.First));
    }

    private static (TrainingExample Example, JsonElement Expected) Read()
    {
        var path = Path.Combine(Folder, "train_golden.json");
        if (!File.Exists(path))
        {
            Assert.Skip($"{path} is absent; point HONE_FIXTURES at the folder of models and data");
        }

        using var golden = JsonDocument.Parse(File.ReadAllBytes(path));
        int[] tokens =
            [.. golden.RootElement.GetProperty("sft_token_ids").EnumerateArray().Select(id => id.GetInt32())];
        return (Tiny.Example(1, tokens), golden.RootElement.GetProperty("results").GetProperty("float64").Clone());
    }
}
