using System.Text.Json;
using Hone.Data;
using Hone.Models.Generation;
using Hone.Training.Methods;
using Hone.Training.Metrics;

namespace Hone.Training.Tests.Methods;

public sealed class RolloutMetricsTests
{
    [Fact]
    public void Repetition_is_the_share_of_runs_of_four_tokens_that_stood_there_before()
    {
        // 1 2 3 4 1 2 3 4 1 has six runs: 1234 2341 3412 4123 1234 2341, the last two for the second time; 5 6 7 8 has one.
        var metrics = new MetricSet();

        RolloutMetrics.RecordTexts(
            metrics, [Rollout([1, 2, 3, 4, 1, 2, 3, 4, 1], FinishReason.Length), Rollout([5, 6, 7, 8], FinishReason.Stop)], "eval/");

        Assert.Equal(2.0 / 7, metrics["eval/completions/repetition"].Mean);
        Assert.Equal(6.5, metrics["eval/completions/mean_length"].Mean);
        Assert.Equal(0.5, metrics["eval/completions/clipped_ratio"].Mean);
    }

    [Fact]
    public void An_answer_too_short_to_repeat_itself_counts_for_nothing()
    {
        var metrics = new MetricSet();

        RolloutMetrics.RecordTexts(metrics, [Rollout([1, 1, 1], FinishReason.Stop)], "");

        Assert.Equal(0, metrics["completions/repetition"].Count);
    }

    private static Rollout Rollout(int[] tokens, FinishReason reason) => new(
        Prompt: 0,
        Sample: 0,
        new PromptRow(new SourceLine("rows.jsonl", 1), new PlainText("p"), new Dictionary<string, JsonElement>()),
        PromptTokens: [9],
        new Completion(tokens, new float[tokens.Length], reason, WeightVersion: 0),
        Text: "");
}
