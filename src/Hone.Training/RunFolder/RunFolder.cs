using System.Text.Json;
using Hone.Training.Checkpoints;
using Hone.Training.Recipes;

namespace Hone.Training;

/// <summary>The folder of a run: its recipe, its record, its metrics and samples, its checkpoints, and at the end the
/// model.</summary>
/// <remarks>
/// <c>recipe.yaml</c>, <c>run.json</c>, <c>metrics.jsonl</c>, <c>samples.jsonl</c>, <c>events.out.tfevents.*</c>,
/// <c>checkpoints/step-N/</c>, <c>final/</c>. While a run uses it, it is locked against others.
/// </remarks>
public sealed class RunFolder : IDisposable
{
    private const string LockFile = "run.lock";

    /// <summary>What may differ when a run is resumed, since no step that is done depends on it.</summary>
    private static readonly string[] Resumable =
        ["description", "steps", "output", "checkpoints", "logging", "evaluation"];

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    private readonly FileStream _lock;

    private RunFolder(string path, int keep, FileStream held)
    {
        _lock = held;
        Path = path;
        Checkpoints = new CheckpointStore(System.IO.Path.Combine(path, "checkpoints"), keep);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The states of the run that are kept.</summary>
    public CheckpointStore Checkpoints { get; }

    /// <summary>The folder of the finished model.</summary>
    public string FinalPath => System.IO.Path.Combine(Path, "final");

    private string RecipePath => System.IO.Path.Combine(Path, "recipe.yaml");

    private string RecordPath => RecordOf(Path);

    /// <summary>Takes the output folder of a recipe for a run, and writes the recipe into it.</summary>
    /// <param name="recipe">The recipe, which names the folder.</param>
    /// <param name="resume">Whether the run may go on in a folder that holds one already.</param>
    /// <exception cref="OptionsException">
    /// The folder is not empty and the run is not resumed, or it holds a run of another recipe, or another run uses it
    /// now.
    /// </exception>
    public static RunFolder Open(Recipe recipe, bool resume)
    {
        var path = recipe.Output;
        try
        {
            if (!resume)
            {
                RefuseContent(path);
            }

            Directory.CreateDirectory(path);
            var folder = new RunFolder(path, recipe.Checkpoints.Keep, Lock(path));
            try
            {
                folder.Begin(recipe);
                return folder;
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new OptionsException($"output: {path}: must be a folder that can be written: {fault.Message}");
        }
    }

    /// <summary>What the names of the hub stood for in the run that a folder holds; nothing where it holds
    /// none.</summary>
    /// <exception cref="OptionsException">The run's record cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> SourcesOf(string path) =>
        ReadRecords(RecordOf(path)) is [.., var last] ? last.Sources : new Dictionary<string, string>();

    /// <summary>Opens the logs, to go on behind a step; what they hold of later steps is cut off.</summary>
    /// <param name="recipe">The recipe, which says what is logged.</param>
    /// <param name="lastStep">The step of the checkpoint that the run goes on from; −1 to begin anew.</param>
    /// <param name="time">The clock of the logs.</param>
    public RunLog OpenLog(Recipe recipe, int lastStep, TimeProvider time) => new(Path, recipe.Logging, lastStep, time);

    /// <summary>Adds to <c>run.json</c> what the run runs on.</summary>
    public void Add(RunRecord record)
    {
        var records = ReadRecords(RecordPath);
        records.Add(record);
        Replace(RecordPath, JsonSerializer.SerializeToUtf8Bytes(records, Json));
    }

    /// <summary>Writes the finished model, whole or not at all.</summary>
    /// <param name="write">Writes the model's files into the folder that it is given.</param>
    public void WriteFinal(Action<string> write) => AtomicFolder.Write(FinalPath, write);

    /// <summary>Gives the folder free for others.</summary>
    public void Dispose() => _lock.Dispose();

    private static string RecordOf(string path) => System.IO.Path.Combine(path, "run.json");

    private static List<RunRecord> ReadRecords(string path)
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize<List<RunRecord>>(File.ReadAllBytes(path), Json) ?? []
                : [];
        }
        catch (JsonException fault)
        {
            throw new OptionsException(
                $"{path}: must be the record of this run: {fault.Message}; remove it to begin a new one");
        }
    }

    private static void RefuseContent(string path)
    {
        if (File.Exists(path))
        {
            throw new OptionsException($"output: {path}: must be a folder, is a file; choose another output");
        }

        if (Directory.Exists(path) && Directory.GetFileSystemEntries(path) is [_, ..] entries)
        {
            var first = System.IO.Path.GetFileName(entries.Min(StringComparer.Ordinal));
            var others = entries.Length == 1 ? "" : $" and {entries.Length - 1} more";
            throw new OptionsException(
                $"output: {path}: must be empty or absent, holds {first}{others}; "
                + "resume the run, or choose another output");
        }
    }

    private static FileStream Lock(string path)
    {
        var file = System.IO.Path.Combine(path, LockFile);
        try
        {
            return new FileStream(
                file,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 0,
                FileOptions.DeleteOnClose);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new OptionsException(
                $"output: {path}: must be used by one run at a time, another one uses it now; "
                + "wait for it, or choose another output");
        }
    }

    private void Begin(Recipe recipe)
    {
        var now = RecipeWriter.Write(recipe);
        var before = File.Exists(RecipePath) ? File.ReadAllText(RecipePath) : now;
        if (RecipeComparison.Differences(before, now, Resumable).ToList() is [_, ..] differences)
        {
            throw new OptionsException(
                $"output: {Path}: must hold a run of the same recipe, differs in {string.Join("; ", differences)}; "
                + "set these back, or choose another output");
        }

        AtomicFolder.RemoveLeftovers(Path);
        Checkpoints.RemoveLeftovers();
        Replace(RecipePath, System.Text.Encoding.UTF8.GetBytes(now));
    }

    private static void Replace(string path, byte[] content)
    {
        File.WriteAllBytes(path + ".new", content);
        File.Move(path + ".new", path, overwrite: true);
    }
}
