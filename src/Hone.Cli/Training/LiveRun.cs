using Hone.Training;
using Hone.Training.Progress;
using Spectre.Console;

namespace Hone.Cli.Training;

/// <summary>Shows a run on a screen that changes while it goes.</summary>
internal static class LiveRun
{
    private const int MillisecondsBetweenFrames = 150;

    /// <summary>Runs a piece of training on another thread and draws it until it ends.</summary>
    /// <param name="terminal">Where to draw.</param>
    /// <param name="title">What the run is called.</param>
    /// <param name="progress">What is drawn.</param>
    /// <param name="train">Trains, and tells the observer.</param>
    public static TrainingResult Show(
        Terminal terminal, string title, RunProgress progress, Func<ITrainingObserver, TrainingResult> train)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Output),
            Ansi = AnsiSupport.Yes,
            ColorSystem = terminal.HasColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = terminal.Width;
        var screen = new LiveScreen(title, terminal.Width);
        var work = Task.Run(() => train(progress));
        console.Live(screen.Draw(progress.View)).Start(live =>
        {
            do
            {
                Draw(live, terminal, screen, progress);
            }
            while (Task.WaitAny([work], MillisecondsBetweenFrames) < 0);

            Draw(live, terminal, screen, progress);
        });
        return work.GetAwaiter().GetResult();
    }

    private static void Draw(LiveDisplayContext live, Terminal terminal, LiveScreen screen, RunProgress progress)
    {
        live.UpdateTarget(screen.Draw(progress.View));
        terminal.Output.Flush();
    }
}
