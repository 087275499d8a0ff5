using System.Text.Json;

namespace Hone.Data;

/// <summary>Folders that the <c>datasets</c> library saves: Arrow shards, and beside them what they are.</summary>
internal static class SavedDataset
{
    /// <summary>The shards of a saved data set, in order; null if the folder is none.</summary>
    /// <exception cref="DataException">It holds several splits, or what it says of itself is malformed.</exception>
    public static List<string>? TryFind(string folder)
    {
        if (File.Exists(Path.Combine(folder, "dataset_dict.json")))
        {
            var splits = string.Join(
                ", ", Directory.GetDirectories(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            throw new DataException(
                new SourceLine(folder), $"the folder holds several splits; name one of {splits} behind it");
        }

        var state = Path.Combine(folder, "state.json");
        if (!File.Exists(state) || !File.Exists(Path.Combine(folder, "dataset_info.json")))
        {
            return null;
        }

        var root = new JsonScanner(File.ReadAllBytes(state), new SourceLine(state, 1), 1, "file").Parse();
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("_data_files", out var files) || files.ValueKind != JsonValueKind.Array)
        {
            throw new DataException(new SourceLine(state, 1), "the file must name its shards under \"_data_files\"");
        }

        var shards = files.EnumerateArray().Select(file => Path.Combine(folder, Name(file, state))).ToList();
        return shards.Count > 0 ? shards : throw new DataException(new SourceLine(folder), "there are no rows");
    }

    private static string Name(JsonElement file, string state) =>
        file.ValueKind == JsonValueKind.Object && file.TryGetProperty("filename", out var name)
            && name.ValueKind == JsonValueKind.String
            ? Path.GetFileName(name.GetString()!)
            : throw new DataException(
                new SourceLine(state, 1), $"a shard must have a \"filename\", got {JsonText.Describe(file)}");
}
