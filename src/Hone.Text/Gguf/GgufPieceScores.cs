using Hone.Text.Reading;

namespace Hone.Text.Gguf;

/// <summary>
/// What GGUF needs of a tokenizer over pieces beside the pieces: a score of each, and where blanks go.
/// </summary>
internal static class GgufPieceScores
{
    /// <summary>Scores that make the merges of a <c>tokenizer.json</c>: the earlier a piece is merged, the higher its
    /// score.</summary>
    /// <exception cref="TokenizerException">A merge makes no piece.</exception>
    public static float[] Of(string path, string[] pieces, IEnumerable<(string Left, string Right)> merges)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (id, piece) in pieces.Index())
        {
            ids.TryAdd(piece, id);
        }

        var scores = new float[pieces.Length];
        var known = new bool[pieces.Length];
        var rank = 0;
        foreach (var (left, right) in merges)
        {
            var id = ids.TryGetValue(left + right, out var found)
                ? found
                : throw new TokenizerException(
                    path, $"model.merges: must be of tokens that make one, but \"{left} {right}\" do not");
            if (!known[id])
            {
                (scores[id], known[id]) = (-rank++, true);
            }
        }

        return scores;
    }

    /// <summary>Whether a blank is put before a text.</summary>
    public static bool AddsBlank(JsonPart file) =>
        Steps(file.Find("normalizer"), "normalizers").Any(step => step.Text("type") == "Prepend")
        || Steps(file.Find("pre_tokenizer"), "pretokenizers").Any(step =>
            step.Text("type") == "Metaspace" && (step.Text("prepend_scheme") ?? "always") != "never"
                && step.Bool("add_prefix_space", true));

    private static IEnumerable<JsonPart> Steps(JsonPart? part, string list) =>
        part is not { } step ? [] : step.Text("type") == "Sequence" ? step.Get(list).Items() : [step];
}
