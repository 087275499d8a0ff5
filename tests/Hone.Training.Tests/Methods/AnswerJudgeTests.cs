using Hone.Rewards;
using Hone.Text;
using Hone.Training.Methods;
using Hone.Training.Ranks;

namespace Hone.Training.Tests.Methods;

public sealed class AnswerJudgeTests
{
    [Fact]
    public void A_reward_that_throws_stops_the_run_and_names_the_row()
    {
        var judge = Judge(
            new Reward((_, _) => throw new InvalidOperationException("no such column")), TimeSpan.FromSeconds(30));

        var fault = Assert.Throws<TrainingException>(() => judge.Judge([Rollouts.OfLine(4)], CancellationToken.None));

        Assert.Equal(
            "rows.jsonl:4: each reward must judge each answer or say that it does not apply; "
            + "odd: threw InvalidOperationException: no such column",
            fault.Message);
    }

    [Fact]
    public void A_reward_that_does_not_end_stops_the_run_and_names_the_row()
    {
        var judge = Judge(new Reward((_, cancel) => Wait(cancel)), TimeSpan.FromMilliseconds(50));

        var fault = Assert.Throws<TrainingException>(() => judge.Judge([Rollouts.OfLine(2)], CancellationToken.None));

        Assert.Equal(
            "rows.jsonl:2: each reward must judge each answer or say that it does not apply; "
            + "the rewards must judge an answer within 0.05 s, did not",
            fault.Message);
    }

    [Fact]
    public void One_failure_among_scores_is_enough()
    {
        var judge = Judge(
            new Reward((input, _) => new RewardOutcome.Scored(input.Tokens.Count > 2 ? double.NaN : 1)),
            TimeSpan.FromSeconds(30));

        var fault = Assert.Throws<TrainingException>(
            () => judge.Judge(
                [Rollouts.OfLine(1), Rollouts.Of([1], [1, 2, 3], [-1, -1, -1], line: 2)], CancellationToken.None));

        Assert.Equal(
            "rows.jsonl:2: each reward must judge each answer or say that it does not apply; "
            + "odd: the score must be a finite number, got NaN",
            fault.Message);
    }

    [Fact]
    public void Rewards_read_the_prompt_and_the_tokens_of_the_answer()
    {
        RewardInput? seen = null;
        var judge = Judge(
            new Reward((input, _) =>
            {
                seen = input;
                return new RewardOutcome.Scored(2);
            }),
            TimeSpan.FromSeconds(30));

        var judged = judge.Judge([Rollouts.Of([0, 1], [2, Tiny.End], [-1, -1])], CancellationToken.None);

        Assert.Equal([2.0], judged.Table.Totals());
        Assert.Equal("ab", seen!.Prompt);
        Assert.Equal([2, Tiny.End], seen.Tokens);
    }

    private static RewardOutcome.Scored Wait(CancellationToken cancel)
    {
        cancel.WaitHandle.WaitOne();
        return new RewardOutcome.Scored(0);
    }

    private static AnswerJudge Judge(IReward reward, TimeSpan deadline)
    {
        using var folder = new TemporaryFolder();
        var tokenizer = Tokenizer.Load(Tiny.WriteTokenizer(folder.Path));
        var runner = new RewardRunner([new WeightedReward(reward, 1)], deadline, TimeProvider.System);
        return new AnswerJudge(runner, tokenizer, new RankTeam(new LoneRank()));
    }

    private sealed class Reward(Func<RewardInput, CancellationToken, RewardOutcome> score) : IReward
    {
        public string Name => "odd";

        public RewardOutcome Score(RewardInput input, CancellationToken cancel) => score(input, cancel);
    }
}
