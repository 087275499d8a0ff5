using Hone.Cli.Training;
using Hone.Training.Progress;

namespace Hone.Cli.Tests.Training;

public sealed class RunProgressTests
{
    [Fact]
    public void Speed_and_time_left_follow_from_the_steps()
    {
        var clock = new FixedTime();
        var progress = new RunProgress(clock);
        progress.Started(new RunStart(Reports.Plan, Step: 0, Steps: 4));
        clock.Pass(5);
        progress.Stepped(Reports.Step(1, loss: 2, seconds: 1, tokens: 100));
        progress.Stepped(Reports.Step(2, loss: 1, seconds: 3, tokens: 300));

        // 400 tokens in 4 s; 2 s a step, two steps left.
        var view = progress.View;
        Assert.Equal(
            (100.0, 4.0, 5.0), (view.TokensPerSecond, view.Left!.Value.TotalSeconds, view.Elapsed.TotalSeconds));
        Assert.Equal([2.0, 1.0], view.History);
        Assert.Equal([(PhaseKind.Training, 0.75), (PhaseKind.Waiting, 0.25)], view.Shares);
    }

    [Fact]
    public void Only_the_last_twenty_steps_count_for_the_speed()
    {
        var progress = new RunProgress(new FixedTime());
        progress.Started(new RunStart(Reports.Plan, Step: 0, Steps: 100));
        progress.Stepped(Reports.Step(1, loss: 1, seconds: 1000, tokens: 1));
        for (var step = 2; step <= 21; step++)
        {
            progress.Stepped(Reports.Step(step, loss: 1, seconds: 1, tokens: 50));
        }

        Assert.Equal((50.0, 79.0), (progress.View.TokensPerSecond, progress.View.Left!.Value.TotalSeconds));
    }

    [Fact]
    public void A_resumed_run_has_only_the_rest_before_it()
    {
        var progress = new RunProgress(new FixedTime());
        progress.Started(new RunStart(Reports.Plan, Step: 3, Steps: 4));

        Assert.Equal((3, 4, null), (progress.View.Step, progress.View.Steps, progress.View.Left));
    }

    [Fact]
    public void The_first_and_the_last_evaluation_are_kept()
    {
        var progress = new RunProgress(new FixedTime());
        progress.Evaluated(Reports.Evaluation(0, 3));
        progress.Evaluated(Reports.Evaluation(2, 2));
        progress.Evaluated(Reports.Evaluation(4, 1));

        Assert.Equal((0, 4), (progress.View.FirstEvaluation!.Step, progress.View.Evaluation!.Step));
    }

    [Fact]
    public void Where_there_is_a_reward_it_is_what_is_followed()
    {
        var progress = new RunProgress(new FixedTime());
        var step = Reports.Step(1, loss: 1);
        foreach (var reward in new[] { 0.25, double.NaN })
        {
            progress.Stepped(
                step with { Metrics = new Dictionary<string, double> { ["loss"] = 1, ["reward"] = reward } });
        }

        Assert.Equal([0.25], progress.View.History);
    }
}
