using System.Text.Json;

namespace Hone.Benchmarks.Recorded;

/// <summary>The token sequences that every program reads, as they were drawn once.</summary>
public static class RecordedSequences
{
    /// <summary>Sequences that one step of supervised training takes.</summary>
    public const int RowsPerStep = 8;

    /// <summary>The 96 sequences of supervised training, 8 a step.</summary>
    public static IReadOnlyList<int[]> Supervised() => Read("sft.jsonl", row => Ids(row, "input_ids"));

    /// <summary>The 64 prompts of 64 tokens, for sampling and decoding.</summary>
    public static IReadOnlyList<int[]> Prompts() => Read("prompts.jsonl", row => Ids(row, "input_ids"));

    /// <summary>Pairs that one step of preference optimisation takes.</summary>
    public const int PairsPerStep = 4;

    /// <summary>The 48 pairs of preference optimisation, 4 a step.</summary>
    public static IReadOnlyList<RecordedPair> Pairs() =>
        Read("dpo.jsonl", row => new RecordedPair(Ids(row, "prompt"), Ids(row, "chosen"), Ids(row, "rejected")));

    /// <summary>The tokens of each step of supervised training: all of them, for nothing is padded.</summary>
    public static IReadOnlyList<int> SupervisedTokens() =>
        [.. Supervised().Chunk(RowsPerStep).Select(step => step.Sum(ids => ids.Length))];

    /// <summary>The lines of a file that is part of the program.</summary>
    internal static IEnumerable<string> Lines(string name)
    {
        using var stream = typeof(RecordedSequences).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException($"{name} must be part of the program, and is not");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static List<T> Read<T>(string name, Func<JsonElement, T> row)
    {
        var rows = new List<T>();
        foreach (var line in Lines(name))
        {
            using var json = JsonDocument.Parse(line);
            rows.Add(row(json.RootElement));
        }

        return rows;
    }

    private static int[] Ids(JsonElement row, string field) =>
        [.. row.GetProperty(field).EnumerateArray().Select(id => id.GetInt32())];
}
