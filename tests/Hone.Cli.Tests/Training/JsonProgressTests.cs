using Hone.Cli.Training;
using Hone.Training;
using Hone.Training.Progress;

namespace Hone.Cli.Tests.Training;

public sealed class JsonProgressTests
{
    [Fact]
    public void Each_event_is_an_object_on_a_line()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new JsonProgress(output);

        progress.Started(new RunStart(Reports.Plan, Step: 0, Steps: 4));
        progress.Phase(new StepPhase(1, PhaseKind.Training, 0.5));
        progress.Stepped(Reports.Step(1, loss: 1.5));
        progress.Evaluated(Reports.Evaluation(1, 2.5));
        progress.Saved(1, "run/checkpoints/step-1");
        progress.Finished(
            new TrainingResult(4, Interrupted: false, "run/final", new Dictionary<string, double> { ["loss"] = 0.5 }));

        Assert.Equal(
            """
            {"event":"started","step":0,"steps":4,"plan":{"method":"sft","steps":4,"parameters":1200,"trained_parameters":1200,"compute":"float32","compute_reason":"the recipe says so","generation_path":"composed","generation_reason":"composed of operators, since its head is odd; bits may depend on the batch","ranks":1,"threads":2,"rows":10,"evaluation_rows":3,"epochs":0.8,"sequences_per_step":2,"updates_per_step":1,"memory":{"weights":4800,"moments":9600},"warnings":["data: is small"]}}
            {"event":"step","step":1,"seconds":1,"tokens":100,"metrics":{"loss":1.5,"learning_rate":0.001},"times":{"training":0.75,"waiting":0.25}}
            {"event":"evaluation","step":1,"seconds":1,"metrics":{"eval/loss":2.5}}
            {"event":"checkpoint","step":1,"path":"run/checkpoints/step-1"}
            {"event":"finished","step":4,"interrupted":false,"folder":"run/final","metrics":{"loss":0.5}}

            """,
            output.ToString());
    }
}
