using System.Text.Json;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Models;
using Hone.Data;
using Hone.Training;
using Hone.Training.Recipes;

namespace Hone.Benchmarks.Works;

/// <summary>Runs recipes as <c>hone train</c> does, and times their steps.</summary>
internal static class TrainingRun
{
    /// <summary>What all recipes of benchmarks have in common: rows in their order, a constant rate, nothing saved but
    /// the model.</summary>
    public static Recipe RecipeOf(
        WorkContext context, StoredModel model, string precision, MethodOptions method, string rows) => new()
        {
            Method = method,
            Seed = 1,
            Steps = 1,
            Output = Path.Combine(context.Scratch, "run"),
            Compute = Precisions.ChoiceOf(precision),
            Threads = new ThreadCount(context.Threads),
            Model = new ModelOptions { Path = model.Folder },
            Data = new DataOptions
            {
                Train = new DataSourceOptions { Path = rows },
                MaxLength = 512,
                LongRows = LongExamples.Refuse,
                Shuffle = false,
            },
            Checkpoints = new CheckpointOptions { Every = 0 },
            Logging = new LoggingOptions { Samples = 0 },
        };

    /// <summary>Runs a recipe to its end.</summary>
    public static StepClock Run(WorkContext context, Recipe recipe)
    {
        var clock = new StepClock(context.Time);
        new Trainer(context.Time).Run(recipe, resume: false, clock, CancellationToken.None);
        return clock;
    }

    /// <summary>Writes rows of one text each.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="field">The column's name.</param>
    /// <param name="sequences">The tokens of each row.</param>
    public static string WriteRows(WorkContext context, string field, IEnumerable<int[]> sequences) =>
        WriteRows(
            context, sequences.Select(ids => new Dictionary<string, string> { [field] = WordTokenizer.TextOf(ids) }));

    /// <summary>Writes rows of several texts each.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="rows">The texts of each row by column.</param>
    public static string WriteRows(WorkContext context, IEnumerable<Dictionary<string, string>> rows)
    {
        var path = Path.Combine(context.Scratch, "rows.jsonl");
        File.WriteAllLines(path, rows.Select(row => JsonSerializer.Serialize(row)));
        return path;
    }
}
