using Hone.Data;
using Hone.Models;
using Hone.Torch;
using Hone.Training.Updates;

namespace Hone.Training.Tests.Updates;

public sealed class ModelScorerTests
{
    private const int Poison = 7;

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public void Log_probs_are_those_of_all_logits(double temperature)
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder();
        int[] tokens = [3, 1, 4, 1, 5];

        var scored = Assert.Single(
            ModelScorer.LogProbs(decoder, [Tiny.Example(2, tokens)], temperature, 64, CancellationToken.None));

        var expected = LogSoftmax(decoder, tokens, temperature);
        Assert.Equal(3, scored.Length);
        for (var t = 2; t < tokens.Length; t++)
        {
            Assert.Equal(expected[t - 1][tokens[t]], scored[t - 2], 1e-5);
        }
    }

    [Fact]
    public void Examples_keep_their_places_however_they_are_packed()
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder();
        TrainingExample[] examples =
        [
            Tiny.Example(1, 1, 2),
            Tiny.Example(4, 1, 2, 3, 4),
            Tiny.Example(2, 5, 4, 3, 2, 1),
            Tiny.Example(1, 6, 0, 9),
        ];

        var together = ModelScorer.LogProbs(decoder, examples, 1, 64, CancellationToken.None);
        var apart = ModelScorer.LogProbs(decoder, examples, 1, 5, CancellationToken.None);

        Assert.Equal([1, 0, 3, 2], together.Select(row => row.Length));
        foreach (var (one, other) in together.Zip(apart))
        {
            RequireNear(one, other);
        }
    }

    [Fact]
    public void Another_segment_full_of_NaN_changes_nothing()
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder(tied: false);
        var example = Tiny.Example(1, 1, 2, 3, 4);
        var clean = ModelScorer.LogProbs(decoder, [example], 1, 64, CancellationToken.None)[0];
        SpoilEmbedding(decoder, float.NaN);

        var longer = Tiny.Example(1, Poison, Poison, Poison, Poison, Poison, Poison);
        var scored =
            ModelScorer.LogProbs(decoder, [longer, example, Tiny.Example(1, Poison, 1)], 1, 64, CancellationToken.None);

        Assert.All(scored[0], value => Assert.True(float.IsNaN(value)));
        Assert.All(scored[2], value => Assert.True(float.IsNaN(value)));
        RequireNear(clean, scored[1]);
    }

    [Fact]
    public void What_stands_behind_the_targets_of_a_segment_changes_nothing()
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder(tied: false);
        var clean = ModelScorer.LogProbs(decoder, [Tiny.Example(1, 1, 2, 3, 4)], 1, 64, CancellationToken.None)[0];
        SpoilEmbedding(decoder, 1e4f);

        TrainingExample longer = new([1, 2, 3, 4, Poison, Poison], [false, true, true, true, false, false]);

        RequireNear(clean, ModelScorer.LogProbs(decoder, [longer], 1, 64, CancellationToken.None)[0]);
    }

    [Fact]
    public void A_scoring_can_be_called_off()
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder();

        Assert.Throws<OperationCanceledException>(
            () => ModelScorer.LogProbs(decoder, [Tiny.Example(1, 1, 2)], 1, 64, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void The_mean_over_the_vocabulary_and_the_likeliest_token_are_those_of_all_logits()
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder();
        int[] tokens = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 0, 7];
        var expected = LogSoftmax(decoder, tokens, temperature: 0.8);
        var likeliest =
            Enumerable.Range(1, tokens.Length - 1).Count(t => expected[t - 1][tokens[t]] == expected[t - 1].Max());

        var batch = MicroBatch.Of(Assert.Single(MicroBatches.Of([Tiny.Example(1, tokens)], 64)));
        var scores = ModelScorer.Score(decoder, batch, temperature: 0.8);

        var means = scores.MeanLogProbs().ToArray<float>();
        Assert.Equal(tokens.Length - 1, means.Length);
        Assert.All(means.Index(), mean => Assert.Equal(expected[mean.Index].Average(), mean.Item, 1e-5));
        Assert.Equal(likeliest, scores.IsLikeliest().Sum().Item());
        Assert.All(
            scores.Entropy.ToArray<float>().Index(),
            entropy => Assert.Equal(
                -expected[entropy.Index].Sum(value => Math.Exp(value) * value), entropy.Item, 1e-5));
    }

    private static void SpoilEmbedding(Decoder decoder, float value)
    {
        var hidden = decoder.Config.HiddenSize;
        decoder.Parameters["model.embed_tokens.weight"].AsSpan<float>().Slice(Poison * hidden, hidden).Fill(value);
        decoder.WeightsChanged();
    }

    private static void RequireNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    /// <summary>log π over the vocabulary behind each token, <c>[token][vocab]</c>, from all logits in
    /// float64.</summary>
    private static double[][] LogSoftmax(Decoder decoder, int[] tokens, double temperature)
    {
        using var still = Autograd.NoGrad();
        var logits = decoder.Head.Logits(decoder.Hidden(TokenBatch.Of(tokens))).ToArray<float>();
        return
        [
            .. logits.Chunk(Tiny.Vocabulary).Select(row =>
            {
                var sum = Math.Log(row.Sum(value => Math.Exp(value / temperature)));
                return row.Select(value => (value / temperature) - sum).ToArray();
            }),
        ];
    }
}
