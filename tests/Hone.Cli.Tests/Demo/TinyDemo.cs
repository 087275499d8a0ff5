using System.Text.RegularExpressions;
using Hone.Cli.Commands;

namespace Hone.Cli.Tests.Demo;

/// <summary>The demo's own recipes with sizes that take seconds.</summary>
internal static partial class TinyDemo
{
    /// <summary>Writes them into a folder.</summary>
    public static string Recipes(ScratchFolder scratch)
    {
        foreach (var path in Directory.GetFiles(DemoCommand.ShippedFolder, "*.yaml"))
        {
            var isControl = path.EndsWith("sft-continued.yaml", StringComparison.Ordinal);
            var recipe = Size().Replace(
                File.ReadAllText(path), match => $"{match.Groups["key"].Value}: " + match.Groups["key"].Value switch
                {
                    "steps" => isControl ? "100000" : "3",
                    "hidden_size" => "16",
                    "intermediate_size" => "32",
                    "warmup_steps" => "1",
                    "every" => "1",
                    "rows_per_step" or "rows" => "4",
                    "pretraining" => "60",
                    "traces" => "10",
                    "practice" => "20",
                    "held_out" => "12",
                    "samples" => "4",
                    var key => throw new InvalidOperationException($"there is no tiny {key}"),
                });
            scratch.File(Path.Combine("recipes", Path.GetFileName(path)), recipe);
        }

        return Path.Combine(scratch.Path, "recipes");
    }

    [GeneratedRegex(@"\b(?<key>steps|hidden_size|intermediate_size|warmup_steps|every|rows_per_step|rows|pretraining|traces|practice|held_out|samples): \d+")]
    private static partial Regex Size();
}
