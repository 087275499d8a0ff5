using System.Text.Json;

namespace Hone.Conformance.Goldens;

/// <summary>The records of one goldens file: lines of a <c>.jsonl</c>, or one JSON value.</summary>
public sealed class GoldenFile
{
    private readonly string _path;
    private readonly Dictionary<string, int> _lineOfName = [];

    private GoldenFile(string path, IReadOnlyList<Field> lines)
    {
        _path = path;
        Lines = lines;
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Value("name") is { Json.ValueKind: JsonValueKind.String } name)
            {
                _lineOfName.TryAdd(name.Text, i);
            }
        }
    }

    /// <summary>The records, one a line; a single one for <c>.json</c> files and folders.</summary>
    public IReadOnlyList<Field> Lines { get; }

    /// <summary>Reads a file, or the <c>case.json</c> of a folder. What is neither JSON nor JSONL has one record
    /// without fields.</summary>
    /// <exception cref="GoldenException">It is missing or does not parse.</exception>
    public static GoldenFile Read(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "case.json") : path;
        if (!File.Exists(file))
        {
            throw new GoldenException($"{file}: the index names this file, it is not there");
        }

        try
        {
            return Path.GetExtension(file) switch
            {
                ".jsonl" => new GoldenFile(file, [.. File.ReadLines(file).Select(Parse)]),
                ".json" => new GoldenFile(file, [Parse(File.ReadAllText(file))]),
                _ => new GoldenFile(file, [Parse("{}")]),
            };
        }
        catch (JsonException error)
        {
            throw new GoldenException($"{file}: must be strict JSON, {error.Message}", error);
        }
    }

    /// <summary>The record of the 1-based line <paramref name="line"/>, which must bear
    /// <paramref name="name"/>.</summary>
    /// <exception cref="GoldenException">There is no such line, or it bears another name.</exception>
    public Field Line(int line, string name)
    {
        if (line < 1 || line > Lines.Count)
        {
            throw new GoldenException($"{_path}: the index asks for line {line}, the file has {Lines.Count}");
        }

        var found = Lines[line - 1].Value("name")?.Text;
        return found == name
            ? Lines[line - 1]
            : throw new GoldenException(
                $"{_path}:{line}: the index calls this record \"{name}\", its name is \"{found}\"");
    }

    /// <summary>The record whose name is <paramref name="name"/>.</summary>
    /// <exception cref="GoldenException">No record bears it.</exception>
    public Field Named(string name) => _lineOfName.TryGetValue(name, out var line)
        ? Lines[line]
        : throw new GoldenException($"{_path}: the index names the record \"{name}\", no line bears it");

    private static Field Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return new Field(document.RootElement.Clone(), "");
    }
}
