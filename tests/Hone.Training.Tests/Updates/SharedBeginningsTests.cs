using Hone.Algorithms.Optimizers;
using Hone.Data;
using Hone.Models;
using Hone.Models.Configuration;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Metrics;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Training.Tests.Updates;

/// <summary>A prompt that several sequences share is computed once, and nothing else changes.</summary>
public sealed class SharedBeginningsTests
{
    private static readonly int[] Prompt = [1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3];

    private static readonly int[] OtherPrompt = [7, 7, 6, 5, 4, 3, 2, 1, 0];

    private static readonly int[][] Answers = [[4, 9], [5, 6, 7, 9], [0, 9], [1, 1, 2, 3, 5, 9]];

    /// <summary>Four queries to two heads of keys, as they are; and with a window that ends inside of the prompt,
    /// capped scores and normed queries, as Gemma has them.</summary>
    private static readonly Dictionary<string, Func<DecoderConfig, DecoderConfig>> Models = new()
    {
        ["llama"] = config => config,
        ["gemma"] = config => config with
        {
            Layers = [new LayerConfig(Window: 6), new LayerConfig()],
            Attention = config.Attention with { SoftCap = 2, QueryKeyNorm = QueryKeyNorm.EachHead },
            LogitSoftCap = 5,
        },
    };

    [Theory]
    [InlineData("sft", "llama")]
    [InlineData("dpo", "llama")]
    [InlineData("grpo", "llama")]
    [InlineData("sft", "gemma")]
    [InlineData("dpo", "gemma")]
    [InlineData("grpo", "gemma")]
    public void Loss_and_gradients_are_those_of_whole_sequences(string objective, string model)
    {
        var examples = Groups();

        var apart = Directly(objective, Models[model], examples);
        var shared = Measure(objective, Models[model], examples, tokens: 100);
        var parted = Measure(objective, Models[model], examples, tokens: 40);

        // Each prompt once instead of four times; in rows of 40 tokens the first prompt's family is parted.
        Assert.Equal((apart.Tokens, apart.Tokens), (shared.Tokens, parted.Tokens));
        Assert.Equal(apart.Computed - (3 * (Prompt.Length + OtherPrompt.Length)), shared.Computed);
        Assert.InRange(parted.Computed, shared.Computed, apart.Computed - 1);
        RequireSame(apart, shared);
        RequireSame(apart, parted);
    }

    [Fact]
    public void What_is_dropped_of_a_prompt_is_not_shared()
    {
        var dropped = Measure("sft", Models["llama"], Groups(), tokens: 100, dropoutSeed: 1);

        Assert.Equal(dropped.Tokens, dropped.Computed);
    }

    [Fact]
    public void Log_probs_are_those_of_whole_sequences()
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder();
        TrainingExample[] examples = [.. Answers.Select(answer => Example(Prompt, answer))];

        var shared =
            ModelScorer.LogProbs(decoder, examples, temperature: 1, tokensPerMicroBatch: 100, CancellationToken.None);
        var alone =
            examples.Select(example => ModelScorer.LogProbs(decoder, [example], 1, 100, CancellationToken.None)[0]);

        foreach (var (one, other) in alone.Zip(shared))
        {
            Assert.Equal(one.Length, other.Length);
            Assert.All(one.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    /// <summary>Two prompts with four answers each.</summary>
    private static TrainingExample[] Groups() =>
        [.. new[] { Prompt, OtherPrompt }.SelectMany(prompt => Answers.Select(answer => Example(prompt, answer)))];

    private static TrainingExample Example(int[] prompt, int[] answer) =>
        Tiny.Example(prompt.Length, [.. prompt, .. answer]);

    private static void RequireSame(Measured expected, Measured actual)
    {
        Assert.Equal(expected.Loss, actual.Loss, 1e-6 * Math.Abs(expected.Loss));
        foreach (var (name, gradient) in expected.Gradients)
        {
            var largest = gradient.Max(Math.Abs);
            var apart = gradient.Zip(actual.Gradients[name], (one, other) => Math.Abs(one - other)).Max();
            Assert.True(apart <= 2e-6 * largest, $"{name}: {apart} of {largest}");
        }
    }

    private static Measured Measure(
        string objective,
        Func<DecoderConfig, DecoderConfig> model,
        TrainingExample[] examples,
        int tokens,
        ulong? dropoutSeed = null)
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder(change: model);
        using var optimizer = new OptimizerState(decoder.Parameters, new Adam(), clipNorm: 1);
        var updater = new ModelUpdater(decoder, optimizer, tokens) { DropoutSeed = dropoutSeed };
        var loss = updater.Accumulate(
            examples, Objective(objective, examples), ModelUpdater.CountsOf(examples), new MetricSet(),
            CancellationToken.None);
        return new Measured(loss, Gradients(decoder), updater.Tokens, updater.ComputedTokens);
    }

    /// <summary>The same by one graph over whole sequences.</summary>
    private static Measured Directly(string name, Func<DecoderConfig, DecoderConfig> model, TrainingExample[] examples)
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder(change: model);
        var row = PackedRow.Of(examples, [.. examples.Select((example, i) => new PackedPiece(i, 0, example.Length))]);
        var (batch, objective) = (MicroBatch.Of(row), Objective(name, examples));
        var terms = objective.Compute(ModelScorer.Score(decoder, batch, temperature: 1), batch);
        var loss = objective.Aggregation.Reduce(terms.Loss, batch.Sequences, ModelUpdater.CountsOf(examples));
        loss.Backward();
        return new Measured(loss.Item(), Gradients(decoder), batch.SequenceTokens, batch.TokenCount);
    }

    private static IObjective Objective(string name, TrainingExample[] examples) => name switch
    {
        "sft" => new SftObjective(new SftOptions()),
        "dpo" => new DpoObjective(
            new DpoOptions { Beta = 0.5 }, [.. examples.Select(example => new float[example.TrainedTokens])]),
        _ => Grpo(new GrpoOptions { Rewards = [] }, examples),
    };

    /// <summary>As in the first update of a step, whose own log-probs are the old ones.</summary>
    private static GrpoObjective Grpo(GrpoOptions options, TrainingExample[] examples) => new(
        GrpoPreset.Objective(options),
        GrpoPreset.Aggregation(options),
        temperature: 1,
        [
            .. examples.Index().Select(example => new Answer(
                Rollouts.Of(
                    example.Item.Tokens[..^example.Item.TrainedTokens],
                    example.Item.Tokens[^example.Item.TrainedTokens..],
                    new float[example.Item.TrainedTokens]),
                advantage: example.Index - 3.5,
                trained: true)),
        ]);

    private static Dictionary<string, float[]> Gradients(Decoder decoder) =>
        decoder.Parameters.ToDictionary(weight => weight.Key, weight => weight.Value.Grad!.ToArray<float>());

    private sealed record Measured(double Loss, Dictionary<string, float[]> Gradients, long Tokens, long Computed);
}
