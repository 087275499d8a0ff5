using Hone.Torch;

namespace Hone.Models.Tests;

public sealed class SequenceScorerTests
{
    [Theory]
    [InlineData("stories260k")]
    [InlineData("babyllama-105")]
    [InlineData("tinystories-656k")]
    public void Log_probs_are_those_recorded(string name)
    {
        var folder = Fixtures.Real("models", name);
        var sequences =
            Fixtures.Json(Path.Combine(folder, "logprobs.json")).GetProperty("sequences").EnumerateArray().ToArray();
        using var model = ModelFolder.Load(folder);

        var scores = new SequenceScorer(model.Decoder).Score(
            [.. sequences.Select(item => Fixtures.Ints(item.GetProperty("token_ids")))]);

        for (var i = 0; i < sequences.Length; i++)
        {
            Assert.Equal(float.NaN, scores[i][0]);
            Assert.Equal(Fixtures.Floats(sequences[i].GetProperty("logprobs_float64")), scores[i][1..],
                (a, b) => Math.Abs(a - b) < 1e-4f);
        }
    }

    [Fact]
    public void Packing_does_not_change_scores()
    {
        using var model = Decoder.Create(TinyModel.Config(), seed: 1);
        int[][] sequences = [[1, 2, 3, 4], [5], [6, 7], [], [8, 9, 10, 11, 12, 13]];

        var together = new SequenceScorer(model).Score(sequences);
        var alone = new SequenceScorer(model, tokensAtOnce: 1).Score(sequences);

        Assert.Equal([4, 1, 2, 0, 6], together.Select(scores => scores.Length));
        Assert.Equal(alone.SelectMany(scores => scores), together.SelectMany(scores => scores),
            (a, b) => a.Equals(b) || Math.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Sequences_that_do_not_fit_are_refused()
    {
        using var model = Decoder.Create(TinyModel.Config(), seed: 1);
        var scorer = new SequenceScorer(model);

        Assert.Equal(
            "sequence 1: must fit the model's context of 64 tokens, it has 65; cut it",
            Assert.Throws<CheckpointException>(() => scorer.Score([[1], new int[65]])).Message);
        Assert.Equal(
            "sequence 0: must have tokens from 0 to 31, got 32; is this the model's tokenizer?",
            Assert.Throws<CheckpointException>(() => scorer.Score([[1, 32]])).Message);
    }

    [Fact]
    public void Scoring_leaves_no_tensor_behind()
    {
        using var model = Decoder.Create(TinyModel.Config(), seed: 1);
        var scorer = new SequenceScorer(model);
        scorer.Score([[1, 2, 3]]);
        var before = TorchRuntime.LiveTensors;

        scorer.Score([[1, 2, 3], [4, 5]]);

        Assert.Equal(before, TorchRuntime.LiveTensors);
    }
}
