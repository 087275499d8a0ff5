using Hone.Cli.Demo;
using Hone.Training.Progress;

namespace Hone.Cli.Tests.Demo;

public sealed class StageRecorderTests
{
    [Fact]
    public void The_time_of_steps_is_added_up_and_ends_the_stage_when_it_is_spent()
    {
        using var recorder = new StageRecorder(new SilentObserver(), budget: 1);

        recorder.Stepped(Step(1, loss: 3, seconds: 0.6));
        recorder.Evaluated(new EvaluationReport(1, new Dictionary<string, double> { ["eval/loss"] = 4 }, Seconds: 9));
        Assert.False(recorder.Spent.IsCancellationRequested);

        recorder.Stepped(Step(2, loss: 2, seconds: 0.4));
        Assert.True(recorder.Spent.IsCancellationRequested);
        Assert.Equal(1, recorder.Seconds, 12);
        Assert.Equal([new(1, 3), new(2, 2)], recorder.Curves(DemoStage.Sft).Of("loss"));
        Assert.Equal([new(1, 4)], recorder.Curves(DemoStage.Sft).Of("eval/loss"));
    }

    private static StepReport Step(int step, double loss, double seconds) => new(
        step, new Dictionary<string, double> { ["loss"] = loss }, [], seconds, Tokens: 1,
        new Dictionary<PhaseKind, double>());
}
