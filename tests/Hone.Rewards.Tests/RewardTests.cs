using System.Text.Json;

namespace Hone.Rewards.Tests;

public sealed class RewardTests
{
    [Theory]
    [InlineData(10, 1)]
    [InlineData(8, 0.5)] // 1 − 2/4
    [InlineData(12, 0.5)]
    [InlineData(2, 0)]
    public void Length_falls_off_to_both_sides_of_the_target(int tokens, double expected) =>
        Assert.Equal(new RewardOutcome.Scored(expected), Score(new LengthReward(10, 4), "", tokens));

    [Theory]
    [InlineData("<think>2+2=4</think>4", 1)]
    [InlineData("4", 0)]
    [InlineData("x<think>\n</think>4", 0)]
    public void Format_is_a_match_of_the_expression(string answer, double expected) =>
        Assert.Equal(new RewardOutcome.Scored(expected), Score(new FormatReward("^<think>.*</think>\\d+$"), answer));

    [Fact]
    public void An_expression_that_takes_too_long_fails_in_words()
    {
        var runner = new RewardRunner(
            [new WeightedReward(new FormatReward("^(a+)+$"), 1)], TimeSpan.FromSeconds(20), TimeProvider.System);

        var outcome = runner.Score([Input(new string('a', 40) + "b")], TestContext.Current.CancellationToken)[0][0];

        Assert.StartsWith("format: threw RegexMatchTimeoutException",
            Assert.IsType<RewardOutcome.Failed>(outcome).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("</think>12", 1)]
    [InlineData("</think> 12.0 ", 1)]
    [InlineData("</think>13", 0)]
    [InlineData("</think>13</think>12", 1)] // the last match counts
    [InlineData("12", 0)]
    public void An_exact_answer_is_taken_out_by_the_expression(string answer, double expected) =>
        Assert.Equal(new RewardOutcome.Scored(expected),
            Score(new ExactAnswerReward("answer", @"</think>\s*(-?[\d.]+)"), answer));

    [Fact]
    public void A_row_without_the_column_is_not_judged()
    {
        Assert.Equal(new RewardOutcome.DoesNotApply(), Score(new ExactAnswerReward("gold", ""), "12"));
        Assert.Equal(new RewardOutcome.DoesNotApply(), Score(new ContainsWordReward("gold"), "12"));
    }

    [Theory]
    [InlineData("t2 t3 t14\nt5", 0.5)]
    [InlineData("t1", 0)]
    [InlineData("t20 t20", 1)]
    public void A_share_of_words_counts_those_that_match(string answer, double expected) =>
        Assert.Equal(new RewardOutcome.Scored(expected), Score(new WordShareReward("^t[0-9]*[02468]$"), answer));

    [Fact]
    public void An_answer_without_words_has_no_share() =>
        Assert.Equal(new RewardOutcome.DoesNotApply(), Score(new WordShareReward("a"), " \n"));

    [Theory]
    [InlineData("The Dog ran.", 1)]
    [InlineData("dog", 1)]
    [InlineData("dogs and hotdog", 0)]
    [InlineData("hotdog, dog!", 1)]
    [InlineData("", 0)]
    public void A_word_counts_whole_and_in_any_case(string answer, double expected) =>
        Assert.Equal(new RewardOutcome.Scored(expected), Score(new ContainsWordReward("word"), answer));

    private static RewardOutcome Score(IReward reward, string answer, int tokens = 1) =>
        reward.Score(Input(answer, tokens), TestContext.Current.CancellationToken);

    private static RewardInput Input(string answer, int tokens = 1) => new(
        "q",
        answer,
        new int[tokens],
        new Dictionary<string, JsonElement>
        {
            ["answer"] = JsonSerializer.SerializeToElement(12),
            ["word"] = JsonSerializer.SerializeToElement("dog"),
        });
}
