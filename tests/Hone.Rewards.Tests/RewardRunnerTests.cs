using System.Text.Json;

namespace Hone.Rewards.Tests;

public sealed class RewardRunnerTests
{
    private static readonly RewardInput Answer = new("q", "a", [1, 2, 3], new Dictionary<string, JsonElement>());

    [Fact]
    public void Every_answer_gets_one_outcome_of_every_reward()
    {
        var runner = Runner(new Made("length", input => new RewardOutcome.Scored(input.Tokens.Count)),
            new Made("none", _ => new RewardOutcome.DoesNotApply()));

        var outcomes = runner.Score([Answer, Answer with { Tokens = [1] }], TestContext.Current.CancellationToken);

        Assert.Equal([new RewardOutcome.Scored(3), new RewardOutcome.DoesNotApply()], outcomes[0]);
        Assert.Equal([new RewardOutcome.Scored(1), new RewardOutcome.DoesNotApply()], outcomes[1]);
    }

    [Fact]
    public void What_a_reward_throws_is_the_reason_of_its_failure()
    {
        var outcomes = Runner(new Made("odd", _ => throw new FormatException("no number"))).Score(
            [Answer], TestContext.Current.CancellationToken);

        Assert.Equal(new RewardOutcome.Failed("odd: threw FormatException: no number"), outcomes[0][0]);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_score_that_is_no_finite_number_is_a_failure(double score)
    {
        var outcomes = Runner(new Made("wild", _ => new RewardOutcome.Scored(score))).Score(
            [Answer], TestContext.Current.CancellationToken);

        Assert.Equal(new RewardOutcome.Failed($"wild: the score must be a finite number, got {score}"), outcomes[0][0]);
    }

    [Fact]
    public void One_that_hangs_is_left_behind_at_its_deadline_and_the_others_are_judged()
    {
        using var forever = new ManualResetEventSlim();
        var runner = Runner(new Made("slow", input =>
        {
            if (input.Answer == "hang")
            {
                forever.Wait();
            }

            return new RewardOutcome.Scored(1);
        }));
        var answers = Enumerable.Range(0, 20).Select(i => Answer with { Answer = i % 5 == 0 ? "hang" : "go" }).ToList();

        var outcomes = runner.Score(answers, TestContext.Current.CancellationToken);
        forever.Set();

        Assert.All(outcomes.Index(), outcome => Assert.Equal(
            outcome.Index % 5 == 0
                ? new RewardOutcome.Failed("the rewards must judge an answer within 0.2 s, did not")
                : new RewardOutcome.Scored(1),
            outcome.Item[0]));
    }

    [Fact]
    public void The_caller_can_call_it_off()
    {
        using var cancel = new CancellationTokenSource();
        using var forever = new ManualResetEventSlim();
        var runner = Runner(new Made("slow", _ =>
        {
            cancel.Cancel();
            forever.Wait(TimeSpan.FromSeconds(10));
            return new RewardOutcome.Scored(1);
        }));

        Assert.Throws<OperationCanceledException>(() => runner.Score([Answer], cancel.Token));
        forever.Set();
    }

    private static RewardRunner Runner(params IReward[] rewards) =>
        new([.. rewards.Select(reward => new WeightedReward(reward, 1))], TimeSpan.FromMilliseconds(200),
            TimeProvider.System);

    private sealed class Made(string name, Func<RewardInput, RewardOutcome> score) : IReward
    {
        public string Name => name;

        public RewardOutcome Score(RewardInput input, CancellationToken cancel) => score(input);
    }
}
