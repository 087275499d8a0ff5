using System.Text.Json;

namespace Hone.Conformance.Goldens;

/// <summary>Names the computation of a case, so that checks can be chosen and skipped kinds counted.</summary>
/// <remarks>
/// The kind is the record's own word where the area has one (<c>op</c> in <c>rl</c>). Elsewhere it is the file without
/// extension, or the first folder where each case has a folder of its own, and after a colon the record's own word if
/// it has any: <c>trajectories:torch.AdamW</c>, <c>checkpoints:llama</c>, <c>objectives/sft</c>.
/// </remarks>
public static class CaseKind
{
    private static readonly string[] Words =
        ["op", "method", "family", "kind", "function", "optimizer", "trainer", "peft_type"];

    /// <summary>The kind of the record <paramref name="record"/> of <paramref name="path"/>.</summary>
    public static string Of(string area, string path, Field record)
    {
        if (area == "rl" && record.Value("op") is { } op)
        {
            return op.Text;
        }

        if (area == GoldenArea.Real)
        {
            return Path.GetFileNameWithoutExtension(path);
        }

        var stem = Stem(path);
        var word = Words.Select(record.Value)
            .FirstOrDefault(value => value is { Json.ValueKind: JsonValueKind.String });
        return word is { } found ? $"{stem}:{found.Text}" : stem;
    }

    private static string Stem(string path)
    {
        var parts = path.Split('/');
        var isFolder = !Path.HasExtension(parts[^1]);
        return parts switch
        {
            [var first, _, ..] when isFolder || parts[^1] == "case.json" => first,
            _ => Path.ChangeExtension(path, null),
        };
    }
}
