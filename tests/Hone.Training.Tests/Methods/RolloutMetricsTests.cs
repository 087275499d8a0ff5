using System.Text.Json;
using Hone.Data;
using Hone.Models.Generation;
using Hone.Training.Methods;
using Hone.Training.Metrics;

namespace Hone.Training.Tests.Methods;

public sealed class RolloutMetricsTests
{
    [Fact]
    public void Repetition_is_the_share_of_phrases_of_four_words_that_stood_there_before()
    {
        // Nine words have six phrases, of which "a b c d" and "b c d a" come twice; four words have one.
        var metrics = new MetricSet();

        RolloutMetrics.RecordTexts(
            metrics, [Rollout("a b c d A B\nC d a", 9, FinishReason.Length), Rollout("e f g h", 4, FinishReason.Stop)],
            "eval/");

        Assert.Equal(2.0 / 7, metrics["eval/completions/repetition"].Mean);
        Assert.Equal(6.5, metrics["eval/completions/mean_length"].Mean);
        Assert.Equal(0.5, metrics["eval/completions/clipped_ratio"].Mean);
    }

    [Fact]
    public void An_answer_too_short_to_repeat_itself_counts_for_nothing()
    {
        var metrics = new MetricSet();

        RolloutMetrics.RecordTexts(metrics, [Rollout("no no no", 3, FinishReason.Stop)], "");

        Assert.Equal(0, metrics["completions/repetition"].Count);
    }

    private static Rollout Rollout(string text, int tokens, FinishReason reason) => new(
        Prompt: 0,
        Sample: 0,
        new PromptRow(new SourceLine("rows.jsonl", 1), new PlainText("p"), new Dictionary<string, JsonElement>()),
        PromptTokens: [9],
        new Completion(new int[tokens], new float[tokens], reason, WeightVersion: 0),
        text);
}
