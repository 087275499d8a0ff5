using System.CommandLine;
using Hone.Cli.Demo;
using Hone.Cli.Demo.Report;
using Hone.Cli.Syntax;
using Hone.Cli.Writing;
using Hone.Torch;
using Hone.Training.Recipes;
using Spectre.Console;

namespace Hone.Cli.Commands;

/// <summary><c>hone demo [--seed S] [--output DIR] [--recipes DIR] [--json]</c></summary>
internal sealed class DemoCommand(Terminal terminal, TimeProvider time)
{
    private const int ShownSamples = 3;

    /// <summary>The folder of the demo's recipes, as they come with Hone.</summary>
    public static string ShippedFolder { get; } = Path.Combine(RecipesCommand.ShippedFolder, "demo");

    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var seed = NumberOption.Of("--seed", "S", "Where every draw begins", standard: 1L, least: 0L);
        var output = new Option<string?>("--output")
        {
            HelpName = "DIR",
            Description = "The folder to make; by default runs/demo, or runs/demo-2 where that is taken",
        };
        var recipes = new Option<string?>("--recipes")
        {
            HelpName = "DIR",
            Description = "A folder with recipes of your own for the demo's stages",
        };
        var json = CommonOptions.Json("the accuracy of each stage");
        var command = new Command("demo",
            "Teach a small model to reason, from nothing, in a few minutes: pretraining, SFT, GRPO, test-time search.")
        {
            seed, output, recipes, json,
        };
        command.SetAction(parsed =>
        {
            var run = new DemoCommand(session.Terminal, TimeProvider.System);
            var folder = parsed.GetValue(output) ?? DemoFolder.NextFree("runs");
            return (int)run.Run(
                parsed.GetValue(seed), folder, parsed.GetValue(recipes) ?? ShippedFolder, parsed.GetValue(json),
                session.Interruption.Watch());
        });
        command.Teach(session.Terminal, "hone demo", "hone demo --seed 2 --output runs/second", "hone demo --json");
        return command;
    }

    /// <summary>Runs the demo and shows how it went.</summary>
    /// <exception cref="OptionsException">The folder is in use, or a recipe cannot be followed.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public ExitCode Run(long seed, string output, string recipes, bool asJson, CancellationToken cancel)
    {
        var folder = DemoFolder.Create(output, recipes);
        var progress = asJson
            ? new DemoProgress(terminal.Errors, moves: false, terminal.Width, time)
            : new DemoProgress(terminal.Output, terminal.IsInteractive, terminal.Width, time);
        using var thread = new ComputeThread();
        var result = thread.Run(() => new DemoPipeline(folder, seed, time, progress).Run(cancel));

        using (var file = new StreamWriter(folder.Results))
        {
            JsonLine.Write(file, json => DemoJson.Write(json, result));
        }

        File.WriteAllText(folder.Report, new DemoPage(folder, result).Write());
        if (asJson)
        {
            JsonLine.Write(terminal.Output, json => DemoJson.Write(json, result));
        }
        else
        {
            Show(folder, result);
        }

        return ExitCode.Done;
    }

    private void Show(DemoFolder folder, DemoResult result)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Output),
            Ansi = terminal.HasColor ? AnsiSupport.Yes : AnsiSupport.No,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = terminal.Width;
        DemoTable.Write(console, result);
        terminal.Output.WriteLine(DemoTable.Summary(result));
        terminal.Output.WriteLine();
        foreach (var sample in result.Samples.Take(ShownSamples))
        {
            terminal.Output.WriteLine($"{sample.Prompt}{sample.Gold}");
            foreach (var answer in sample.Answers)
            {
                terminal.Output.WriteLine(
                    $"  {answer.Stage.Name,-14} {(answer.IsRight ? "right" : "wrong")}  {answer.Text}");
            }
        }

        terminal.Output.WriteLine();
        terminal.Output.WriteLine(
            $"{Quantity.Duration(TimeSpan.FromSeconds(result.Seconds))} in all. Curves, samples and recipes: "
                + $"{folder.Report}");
        terminal.Output.WriteLine(
            $"Try: hone generate {folder.Path}/grpo/final --prompt \"{result.Samples[0].Prompt}\"");
    }
}
