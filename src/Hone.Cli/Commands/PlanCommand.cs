using System.CommandLine;
using Hone.Cli.Syntax;
using Hone.Cli.Training;
using Hone.Cli.Writing;

namespace Hone.Cli.Commands;

/// <summary><c>hone plan RECIPE [--set key=value]... [--ranks N] [--json]</c></summary>
internal sealed class PlanCommand(Session session, IPlanning planning)
{
    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var recipe = CommonOptions.Recipe();
        var set = CommonOptions.Set();
        var ranks = CommonOptions.Ranks("Say what follows when N processes of this machine train together");
        var adapter = RecipeArgument.Adapter();
        var json = CommonOptions.Json("one object");
        var command = new Command(
            "plan",
            "Say what follows from a recipe before anything is computed: steps, rows, sizes, memory.")
        {
            recipe, set, adapter, ranks, json,
        };
        command.SetAction(parsed =>
        {
            var plan = new PlanCommand(session, new ComputedTraining());
            return (int)plan.Run(
                parsed.GetRequiredValue(recipe),
                RecipeArgument.Overrides(parsed, set, adapter),
                parsed.GetValue(ranks) ?? 1,
                parsed.GetValue(json));
        });
        command.Teach(
            session.Terminal,
            "hone plan stories-sft.yaml",
            "hone plan stories-sft.yaml --ranks 2",
            "hone plan stories-sft.yaml --set batch.rows_per_step=64 --json");
        return command;
    }

    /// <summary>Writes the plan.</summary>
    public ExitCode Run(string path, IReadOnlyList<string> overrides, int ranks, bool asJson)
    {
        var plan = planning.Plan(session.Hub.Recipe(RecipeArgument.Load(path, overrides), resume: false), ranks);
        var output = session.Terminal.Output;
        if (asJson)
        {
            JsonLine.Write(output, json => PlanJson.Write(json, plan));
            return ExitCode.Done;
        }

        PlanText.Write(output, plan);
        foreach (var warning in plan.Warnings)
        {
            session.Terminal.Errors.WriteLine($"warning: {warning}");
        }

        return ExitCode.Done;
    }
}
