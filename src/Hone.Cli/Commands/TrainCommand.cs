using System.CommandLine;
using Hone.Cli.Ranks;
using Hone.Cli.Syntax;
using Hone.Cli.Training;
using Hone.Training;
using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary><c>hone train RECIPE [--set key=value]... [--resume] [--ranks N] [--json]</c></summary>
internal sealed class TrainCommand(Session session, ITraining training, TimeProvider time)
{
    private readonly Terminal _terminal = session.Terminal;

    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var recipe = CommonOptions.Recipe();
        var set = CommonOptions.Set();
        var adapter = RecipeArgument.Adapter();
        var resume = new Option<bool>("--resume")
        {
            Description =
                "Go on after the newest whole checkpoint of the output folder; from the beginning where there is none",
        };
        var ranks = CommonOptions.Ranks(
            "Train by N processes of this machine together, which is the same run; docs/scale.md tells of several "
                + "machines");
        var json = CommonOptions.Json("one object a line: started, step, evaluation, checkpoint, finished");
        var command = new Command(
            "train",
            "Train a model as a recipe says. Ctrl-C writes a checkpoint and ends the run; --resume goes on as if "
                + "nothing had been.")
        {
            recipe, set, adapter, resume, ranks, json,
        };
        command.SetAction(parsed =>
        {
            var (path, overrides) = (parsed.GetRequiredValue(recipe), RecipeArgument.Overrides(parsed, set, adapter));
            string[] same = ["train", path, .. overrides.SelectMany(one => new[] { "--set", one })];
            string[] words = parsed.GetValue(resume) ? [.. same, "--resume"] : same;
            var choice = RankChoice.Of(parsed.GetValue(ranks), words, Environment.GetEnvironmentVariable);
            var heard = choice.IsHeard ? session : session with { Terminal = Terminal.Silent };
            return (int)new TrainCommand(heard, choice.Training, TimeProvider.System).Run(
                path, overrides, parsed.GetValue(resume), parsed.GetValue(json), parsed.GetValue(ranks) ?? 1);
        });
        command.Teach(
            session.Terminal,
            "hone train stories-sft.yaml",
            "hone train stories-sft.yaml --set steps=20 --set optimizer.learning_rate=1e-4 --set output=runs/short",
            "hone train stories-sft.yaml --resume",
            "hone train stories-sft.yaml --ranks 2",
            "hone train stories-sft.yaml --json > run.jsonl");
        return command;
    }

    /// <summary>Trains, shows how it goes, and says what to do next.</summary>
    /// <exception cref="OptionsException">The recipe cannot be followed.</exception>
    /// <exception cref="TrainingException">The run cannot go on.</exception>
    public ExitCode Run(string path, IReadOnlyList<string> overrides, bool resume, bool asJson, int ranks = 1)
    {
        var recipe = session.Hub.Recipe(RecipeArgument.Load(path, overrides), resume);
        var cancel = session.Interruption.Watch();
        if (asJson)
        {
            var json = new JsonProgress(_terminal.Output);
            var done = training.Run(recipe, resume, json, cancel);
            json.Finished(done);
            return CodeOf(done);
        }

        TrainingResult result;
        if (_terminal.IsInteractive)
        {
            var progress = new RunProgress(time);
            using var stopping = cancel.Register(progress.Interrupt);
            result = LiveRun.Show(
                _terminal, recipe.Recipe.Output, progress, observer => training.Run(recipe, resume, observer, cancel));
        }
        else
        {
            using var stopping = cancel.Register(
                () => _terminal.Errors.WriteLine("stopping: a checkpoint follows; Ctrl-C again leaves at once"));
            var progress = new PlainProgress(_terminal.Output, time);
            result = training.Run(recipe, resume, progress, cancel);
            progress.Finished();
        }

        _terminal.Output.WriteLine(result.Interrupted
            ? $"interrupted after step {result.Step}; go on with: hone train "
                + $"{path}{string.Concat(overrides.Select(one => $" --set {Quoted(one)}"))} --resume"
                + (ranks == 1 ? "" : $" --ranks {ranks}")
            : $"done: {result.Folder}; try: hone generate {result.Folder} --prompt \"…\"");
        return CodeOf(result);
    }

    /// <summary>A word as a shell takes it.</summary>
    private static string Quoted(string word) =>
        word.All(letter => char.IsAsciiLetterOrDigit(letter) || "_-./=:,".Contains(letter))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static ExitCode CodeOf(TrainingResult result) => result.Interrupted ? ExitCode.Interrupted : ExitCode.Done;
}
