using System.Text.Json;

namespace Hone.Conformance.Goldens;

/// <summary>An area of the goldens: its index, resolved to cases by the rules of the goldens' own README.</summary>
/// <param name="name">The name of the area's folder.</param>
/// <param name="folders">Where the files lie.</param>
/// <param name="index">The file of the entries.</param>
public sealed class GoldenArea(string name, GoldenFolders folders, string index)
{
    /// <summary>The area of what lies beside real models.</summary>
    public const string Real = "real";

    private readonly Dictionary<string, GoldenFile> _files = [];

    /// <summary>An area with its index in its folder.</summary>
    public GoldenArea(string name, GoldenFolders folders)
        : this(name, folders, folders.InArea("index.json"))
    {
    }

    /// <summary>What lies beside real models; this program has the index.</summary>
    public static GoldenArea OfReal(GoldenFolders folders) =>
        new(Real, folders, Path.Combine(AppContext.BaseDirectory, "real.json"));

    /// <summary>The name of the area's folder.</summary>
    public string Name => name;

    /// <summary>The entries of <c>index.json</c>.</summary>
    /// <exception cref="GoldenException">The index is missing or no list of entries.</exception>
    public IReadOnlyList<GoldenEntry> Entries()
    {
        return [.. GoldenFile.Read(index).Lines[0].Items.Select(entry => new GoldenEntry(
            entry["name"].Text, entry["path"].Text, entry.Value("line") is { } line ? (int)line.Whole : null))];
    }

    /// <summary>The cases of <paramref name="entry"/>: one, or one a line or record where an entry is a whole file of
    /// them.</summary>
    /// <exception cref="GoldenException">The file or the record is missing or does not parse.</exception>
    public IReadOnlyList<GoldenCase> Resolve(GoldenEntry entry)
    {
        var file = Open(entry.Path);
        var isLines = entry.Path.EndsWith(".jsonl", StringComparison.Ordinal);
        return name switch
        {
            _ when entry.Line is { } line => [Case(entry, entry.Name, file.Line(line, entry.Name))],
            "rl" when isLines => [Case(entry, entry.Name, file.Named(entry.Name))],
            "files" or "templates" or "tokenizers" when isLines =>
                [.. file.Lines.Select((line, i) => Case(entry, $"{entry.Name}#{i + 1}", line))],
            "verifiers" when file.Lines[0].Find("cases") is { } cases =>
                [Case(entry, entry.Name, Record(cases, entry.Name))],
            "evaluation" or "rewards" => [Case(entry, entry.Name, Key(entry, file.Lines[0]))],
            "optimizers" when !entry.Name.Contains('/') => WholeFile(entry, file.Lines[0]),
            "model_merging" or "optimizers" or "privacy" or "quantisation" when Part(entry.Name) is { } record =>
                [Case(entry, entry.Name, RecordOrKey(file.Lines[0], record))],
            _ => [Case(entry, entry.Name, file.Lines[0])],
        };
    }

    private GoldenCase Case(GoldenEntry entry, string caseName, Field record)
    {
        var kind = CaseKind.Of(name, entry.Path, record);
        return new GoldenCase(name, entry.Path, caseName, kind, record, Open(entry.Path).Lines[0], folders);
    }

    /// <summary>Every record of every list of the file is a check of its own, <c>schedules/on_metric#2</c>.</summary>
    private List<GoldenCase> WholeFile(GoldenEntry entry, Field file)
    {
        var cases = new List<GoldenCase>();
        var lists = file.Entries.Where(part => part.Value.Json.ValueKind == JsonValueKind.Array);
        foreach (var (list, records) in lists)
        {
            var objects = records.Items.Where(record => record.Json.ValueKind == JsonValueKind.Object);
            cases.AddRange(objects.Select((record, i) => new GoldenCase(
                name, entry.Path, $"{entry.Name}/{list}#{i + 1}", $"{entry.Name}/{list}", record, file, folders)));
        }

        return cases is [_, ..]
            ? cases
            : throw new GoldenException($"{entry.Path}: must hold lists of records, found none");
    }

    /// <summary>CASE of FILE/CASE.</summary>
    private static string? Part(string entryName) => entryName.Split('/', 2) is [_, var record] ? record : null;

    private static Field RecordOrKey(Field file, string record)
    {
        foreach (var list in new[] { "cases", "runs", "methods" })
        {
            if (file.Value(list) is { Json.ValueKind: JsonValueKind.Array } records
                && TryRecord(records, record) is { } found)
            {
                return found;
            }
        }

        return file.Find(record) ?? throw new GoldenException(
            $"the index names the record \"{record}\", the file has neither it nor a key of that name");
    }

    private static Field Record(Field records, string record) => TryRecord(records, record)
        ?? throw new GoldenException($"{records.At}: the index names the record \"{record}\", none bears it");

    private static Field? TryRecord(Field records, string record)
    {
        foreach (var candidate in records.Items)
        {
            if (candidate.Value("name") is { Json.ValueKind: JsonValueKind.String } found && found.Text == record)
            {
                return candidate;
            }
        }

        return null;
    }

    private static Field Key(GoldenEntry entry, Field file)
    {
        var prefix = Path.ChangeExtension(entry.Path, null) + "/";
        if (!entry.Name.StartsWith(prefix, StringComparison.Ordinal))
        {
            return file;
        }

        var key = entry.Name[prefix.Length..];
        return file.Value("samples")?.Find(key) ?? file.Find(key)
            ?? throw new GoldenException($"{entry.Path}: the index names the key \"{key}\", the file has none");
    }

    private GoldenFile Open(string path) => _files.TryGetValue(path, out var file)
        ? file
        : _files[path] = GoldenFile.Read(folders.InArea(path));
}
