using System.Security.Cryptography;
using System.Text.Json;
using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Models.Generation;
using Hone.Models.Gguf;
using Hone.Torch;

namespace Hone.Models.Tests.Gguf;

/// <summary>
/// SmolLM2-135M-Instruct in Q4_1 against what a reference computed from the same file; its tolerances.
/// </summary>
public sealed class SmolLm2Tests(SmolLm2 fixture) : IClassFixture<SmolLm2>
{
    [Fact]
    public void The_metadata_say_what_the_configuration_beside_the_file_says()
    {
        var beside = ModelFamilies.Read(ConfigFile.Read(SmolLm2.At()));

        Assert.Equal(beside, fixture.Model.Decoder.Config);
        Assert.Equal(ValueList.Create<int>([2]), fixture.Model.Generation.StopTokens);
    }

    [Fact]
    public void Blocks_become_the_same_numbers_to_the_bit()
    {
        using var scope = TensorScope.Open();
        using var file = GgufFile.Open(SmolLm2.File);

        Assert.All(Fixtures.Json(SmolLm2.At("hidden.json")).GetProperty("dequantised").EnumerateObject(), entry =>
        {
            var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(file.Load(entry.Name).AsSpan<float>());
            Assert.Equal(
                entry.Value.GetProperty("sha256_of_whole_dequantised_float32_little_endian").GetString(),
                Convert.ToHexStringLower(SHA256.HashData(bytes)));
        });
    }

    [Fact]
    public void Log_probs_are_those_recorded()
    {
        var texts = Fixtures.Json(SmolLm2.At("logprobs.json")).GetProperty("texts").EnumerateArray().ToArray();

        var scores = new SequenceScorer(fixture.Model.Decoder).Score(
            [.. texts.Select(text => Fixtures.Ints(text.GetProperty("ids")))]);

        Assert.All(texts.Zip(scores), pair => Assert.Equal(
            Fixtures.Floats(pair.First.GetProperty("logprobs_f64")), pair.Second[1..],
            (a, b) => Math.Abs(a - b) <= 2e-4f));
    }

    [Fact]
    public void Hidden_states_and_logits_are_those_recorded()
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var expected = SafetensorsFile.Open(SmolLm2.At("hidden.safetensors"));
        var ids = Fixtures.Ints(Fixtures.Json(SmolLm2.At("hidden.json")).GetProperty("ids"));

        var hidden = fixture.Model.Decoder.Hidden(TokenBatch.Of(ids));
        var logits = fixture.Model.Decoder.Head.Logits(hidden);

        Assert.True(Distance(expected.Load("last_hidden_state"), hidden) <= 2e-4);
        Assert.True(Distance(expected.Load("logits_f16"), logits) <= 0.02);
    }

    [Fact]
    public void Greedy_answers_are_those_recorded()
    {
        var cases = Fixtures.Json(SmolLm2.At("greedy.json")).GetProperty("cases").EnumerateArray().ToArray();
        var engine = fixture.Model.CreateEngine(new EngineOptions());
        var options = new SamplingOptions
        {
            Temperature = 0,
            MaxNewTokens = 64,
            StopTokens = fixture.Model.Generation.StopTokens,
        };

        var answers = engine.Generate(
            [.. cases.Select(item => new GenerationRequest(Fixtures.Ints(item.GetProperty("prompt_ids")), options))]);

        Assert.All(
            cases.Zip(answers), pair => Assert.Equal(Fixtures.Ints(pair.First.GetProperty("ids")), pair.Second.Tokens));
    }

    [Fact]
    public void Choices_of_evaluations_have_the_log_likelihoods_recorded()
    {
        // The items whose prompt stands in the files: the first of each subject, and the first question.
        string[] files = ["mmlu_5shot.jsonl", "truthfulqa_mc1.jsonl"];
        var items = files.SelectMany(file => Fixtures.JsonLines(SmolLm2.At("eval", file)))
            .Where(item => item.GetProperty("context").ValueKind == JsonValueKind.String)
            .ToArray();
        Assert.Equal(7, items.Length);

        Assert.All(items, item =>
        {
            var context = fixture.Model.Tokenizer!.EncodeIds(item.GetProperty("context").GetString()!);
            Assert.Equal(item.GetProperty("context_tokens").GetInt32(), context.Length);
            Assert.Equal(
                Fixtures.Floats(item.GetProperty("loglikelihoods")).Select(value => (double)value),
                LogLikelihoods(context, item),
                (a, b) => Math.Abs(a - b) <= 2e-3);
        });
    }

    [Fact]
    public void Texts_have_the_perplexity_recorded()
    {
        const int start = 1;
        var items =
            Fixtures.JsonLines(SmolLm2.At("eval", "perplexity.jsonl")).Where((_, row) => row % 5 == 0).ToArray();

        var scores = new SequenceScorer(fixture.Model.Decoder)
            .Score([.. items.Select(item => (int[])[start, .. Fixtures.Ints(item.GetProperty("ids"))])]);

        Assert.All(items.Zip(scores), pair => Assert.Equal(
            pair.First.GetProperty("loglikelihood").GetDouble(), pair.Second[1..].Sum(score => (double)score), 2e-3));
    }

    [Fact]
    public void Preferred_and_rejected_answers_have_the_log_probs_recorded()
    {
        var pairs = Fixtures.Json(SmolLm2.At("train", "hh_logprobs.json")).GetProperty("pairs").EnumerateArray()
            .Take(5).ToArray();
        var wanted = pairs.SelectMany(pair => new[] { "chosen", "rejected" }.Select(side => (
            Prompt: Fixtures.Ints(pair.GetProperty("prompt_ids")),
            Answer: Fixtures.Ints(pair.GetProperty($"{side}_ids")),
            Sum: pair.GetProperty($"{side}_logp").GetDouble()))).ToArray();

        var scores = new SequenceScorer(fixture.Model.Decoder).Score(
            [.. wanted.Select(one => (int[])[.. one.Prompt, .. one.Answer])]);

        Assert.All(wanted.Zip(scores), pair => Assert.Equal(
            pair.First.Sum, pair.Second[pair.First.Prompt.Length..].Sum(score => (double)score), 2e-3));
    }

    private double[] LogLikelihoods(int[] context, JsonElement item)
    {
        var choices = item.GetProperty("continuation_ids").EnumerateArray().Select(Fixtures.Ints).ToArray();
        if (choices.Any(choice => choice.Length > 1))
        {
            var scores = new SequenceScorer(fixture.Model.Decoder).Score(
                [.. choices.Select(choice => (int[])[.. context, .. choice])]);
            return [.. scores.Select(score => score[context.Length..].Sum(one => (double)one))];
        }

        // Choices of one token are all predicted at the end of the prompt: one pass has every one of them.
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var hidden = fixture.Model.Decoder.Hidden(TokenBatch.Of(context));
        var last = hidden.Narrow(0, context.Length - 1, 1).Expand(choices.Length, hidden.Size(1)).Contiguous();
        long[] targets = [.. choices.Select(choice => (long)choice[0])];
        return fixture.Model.Decoder.Head.LogProbs(
            last, Tensor.From<long>(targets, targets.Length)).LogProbs.ToArray<double>();
    }

    private static double Distance(Tensor expected, Tensor got) =>
        (expected.To(DType.Float32) - got).Abs().Max().Item();
}
