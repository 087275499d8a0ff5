using Hone.Cli.Training;
using Hone.Training.Progress;
using Spectre.Console;

namespace Hone.Cli.Tests.Training;

public sealed class LiveScreenTests
{
    private readonly RunProgress _progress = new(new FixedTime());

    [Fact]
    public void Before_the_run_begins_it_says_what_takes_the_time() =>
        Assert.Equal("runs/a  loading the model and the data", Draw());

    [Fact]
    public void A_run_is_drawn_with_its_course_its_numbers_and_its_samples()
    {
        _progress.Started(new RunStart(Reports.Plan with { Warnings = [] }, Step: 0, Steps: 4));
        _progress.Evaluated(Reports.Evaluation(0, 3.25));
        _progress.Stepped(Reports.Step(1, loss: 2));
        _progress.Stepped(
            Reports.Step(
                2,
                loss: 1,
                seconds: 1,
                tokens: 100,
                new TrainingSample(2, "1+1=", "2\n[x]", new Dictionary<string, double?>(), 1, 0.5)));
        _progress.Saved(2, "x");
        _progress.Evaluated(Reports.Evaluation(2, 2.5));
        _progress.Phase(new StepPhase(3, PhaseKind.Generation, 0.4));

        // Two of four steps of 1 s each, 100 tokens/s; time: 1.5 s training, 0.5 s waiting, 2 s evaluation.
        Assert.Equal(
            """
            runs/a  sft, 1,200 weights, float32, 2 threads
            ━━━━━━━━━━━━━━━━━━━━  step 2/4  0:00 gone  0:02 left  100 tokens/s
            loss 1  █▁
            learning_rate 0.001
            eval/loss  3.25 at step 0, 2.5 at step 2
            time: evaluation 50 %  training 38 %  waiting 13 %  now: generation 40 %
            checkpoint: step 2
            ╭──────────────────┬──────────────────────────────────┬────────┬───────────╮
            │ prompt           │ answer                           │ reward │ advantage │
            ├──────────────────┼──────────────────────────────────┼────────┼───────────┤
            │ 1+1=             │ 2⏎[x]                            │      1 │       0.5 │
            ╰──────────────────┴──────────────────────────────────┴────────┴───────────╯

            """,
            Draw());
    }

    [Fact]
    public void Warnings_and_a_stop_that_was_asked_for_are_told()
    {
        _progress.Started(new RunStart(Reports.Plan, Step: 0, Steps: 4));
        _progress.Interrupt();

        Assert.Equal(
            """
            runs/a  sft, 1,200 weights, float32, 2 threads
            ━━━━━━━━━━━━━━━━━━━━  step 0/4  0:00 gone  ? left  0 tokens/s
            time: -
            warning: data: is small
            stopping: a checkpoint follows; Ctrl-C again leaves at once

            """,
            Draw());
    }

    private string Draw()
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(text),
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
            });
        console.Profile.Width = 80;
        console.Write(new LiveScreen("runs/a", 80).Draw(_progress.View));
        return string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd()));
    }
}
