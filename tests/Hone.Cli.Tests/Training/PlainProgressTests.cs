using Hone.Cli.Training;
using Hone.Training.Progress;

namespace Hone.Cli.Tests.Training;

public sealed class PlainProgressTests
{
    [Fact]
    public void A_run_is_a_line_for_each_thing_that_happens()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new PlainProgress(output, new FixedTime());

        progress.Started(new RunStart(Reports.Plan, Step: 1, Steps: 10));
        progress.Evaluated(Reports.Evaluation(1, 2.5));
        progress.Phase(new StepPhase(2, PhaseKind.Training, 0.5));
        progress.Stepped(Reports.Step(2, loss: 1.0937, seconds: 2, tokens: 3000));
        progress.Saved(2, "run/checkpoints/step-2");
        progress.Finished();

        Assert.Equal(
            """
            sft: 10 steps of 2 sequences, 1,200 weights, float32 (the recipe says so), 2 threads, going on after step 1
            warning: data: is small
            evaluation at step 1: eval/loss 2.5
            step  2/10  loss 1.094  learning_rate 0.001  1,500 tokens/s  0:16 left
            checkpoint at step 2: run/checkpoints/step-2
            time: training 50 %  evaluation 33 %  waiting 17 %

            """,
            output.ToString());
    }
}
