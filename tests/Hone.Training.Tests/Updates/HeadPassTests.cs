using Hone.Algorithms;
using Hone.Data;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Metrics;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Training.Tests.Updates;

public sealed class HeadPassTests
{
    private static readonly TrainingExample[] Examples =
    [
        Tiny.Example(1, 0, 3, 5, 2, 9), Tiny.Example(2, 7, 7, 1, 9), Tiny.Example(3, 4, 4, 4, 4, 4, 4, 2, 8, 1, 9),
        Tiny.Example(4, 1, 2, 3), Tiny.Example(1, 8, 9),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Loss_and_gradients_do_not_depend_on_how_many_targets_are_kept_at_once(int targetsAtOnce)
    {
        using var scope = TensorScope.Open();
        foreach (var options in new[] { new SftOptions(), new SftOptions { LabelSmoothing = 0.2 } })
        {
            var expected = Directly(options);
            var actual = Measure(options, targetsAtOnce);

            Assert.Equal(expected.Loss, actual.Loss, 1e-6);
            Assert.Equal(expected.Entropy.Count, actual.Entropy.Count);
            Assert.Equal(expected.Entropy.Sum, actual.Entropy.Sum, 1e-4);
            foreach (var (name, gradient) in expected.Gradients)
            {
                var largest = gradient.Max(Math.Abs);
                Assert.All(gradient.Zip(actual.Gradients[name]),
                    pair => Assert.Equal(pair.First, pair.Second, 1e-6 * largest));
            }
        }
    }

    [Fact]
    public void Parts_have_about_as_many_targets_each_and_keep_examples_whole()
    {
        using var scope = TensorScope.Open();
        var batch = Batch(); // longest first: 7, 4, 2, 0 and 1 targets

        Assert.Equal([14], batch.Parts(14, 1).Select(part => part.Sequences.Tokens));
        Assert.Equal([7, 7], batch.Parts(13, 1).Select(part => part.Sequences.Tokens));
        Assert.Equal([7, 4, 3], batch.Parts(4, 1).Select(part => part.Sequences.Tokens)); // the first has more than fit
        Assert.Equal(["2", "0 1 3 4"], batch.Parts(13, 1).Select(part => string.Join(' ', part.Examples)));
    }

    private static MicroBatch Batch() => MicroBatch.Of(MicroBatches.Of(Examples, 100)[0]);

    private static Measured Measure(SftOptions options, int targetsAtOnce)
    {
        using var decoder = Tiny.Decoder(tied: false);
        var (metrics, batch) = (new MetricSet(), Batch());
        var pass =
            new HeadPass(decoder, new SftObjective(options), ModelUpdater.CountsOf(Examples), metrics, targetsAtOnce);
        var states = ModelScorer.States(decoder, batch);
        var (loss, gradient) = pass.Run(states.Detach(), batch);
        states.Backward(gradient);
        return new Measured(loss, metrics["entropy"], Gradients(decoder));
    }

    /// <summary>The same by one graph.</summary>
    private static Measured Directly(SftOptions options)
    {
        using var decoder = Tiny.Decoder(tied: false);
        var (objective, batch) = (new SftObjective(options), Batch());
        var scores = ModelScorer.Score(decoder, batch, temperature: 1);
        var loss = objective.Aggregation.Reduce(
            objective.Compute(scores, batch).Loss, batch.Sequences, ModelUpdater.CountsOf(Examples));
        loss.Backward();
        return new Measured(
            loss.Item(), new MeanParts(scores.Entropy.Sum().Item(), batch.Sequences.Tokens), Gradients(decoder));
    }

    private static Dictionary<string, float[]> Gradients(Models.Decoder decoder) =>
        decoder.Parameters.ToDictionary(weight => weight.Key, weight => weight.Value.Grad!.ToArray<float>());

    private sealed record Measured(double Loss, MeanParts Entropy, Dictionary<string, float[]> Gradients);
}
