using System.Text.Json.Nodes;
using Hone.Text.SentencePiece;

namespace Hone.Text.Gguf;

/// <summary>The vocabulary of kind <c>llama</c> of a GGUF file as <c>tokenizer.json</c> spells it: BPE over pieces,
/// with a merge for each way to make a piece of two.</summary>
internal static class GgufPieceJson
{
    /// <summary>Normalizer, model and decoder.</summary>
    public static JsonObject Of(GgufHeader header, string[] tokens, PieceKind[] kinds)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var vocabulary = new JsonObject();
        foreach (var (id, token) in tokens.Index())
        {
            if (ids.TryAdd(token, id))
            {
                vocabulary[token] = id;
            }
        }

        var addsBlank = header.Bool("tokenizer.ggml.add_space_prefix", true);
        var unknown = header.Int("tokenizer.ggml.unknown_token_id") ?? Array.IndexOf(kinds, PieceKind.Unknown);
        return new JsonObject
        {
            ["normalizer"] = Normalizer(addsBlank),
            ["pre_tokenizer"] = null,
            ["decoder"] = Decoder(addsBlank),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = unknown >= 0 ? tokens[unknown] : null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = true,
                ["byte_fallback"] = kinds.Contains(PieceKind.Byte),
                ["ignore_merges"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = Merges(tokens, kinds, header.Numbers("tokenizer.ggml.scores")!, ids),
            },
        };
    }

    // The better the score of what comes out, the earlier the merge; equal ones by the ids of their parts.
    private static JsonArray Merges(string[] tokens, PieceKind[] kinds, double[] scores, Dictionary<string, int> ids)
    {
        bool Merges(int id) => kinds[id] is PieceKind.Normal or PieceKind.UserDefined;
        var merges = new List<(int Left, int Right, double Score)>();
        foreach (var (id, token) in tokens.Index().Where(entry => Merges(entry.Index)))
        {
            for (var cut = 1; cut < token.Length; cut++)
            {
                if (ids.TryGetValue(token[..cut], out var left) && Merges(left)
                    && ids.TryGetValue(token[cut..], out var right) && Merges(right))
                {
                    merges.Add((left, right, scores[id]));
                }
            }
        }

        return
        [
            .. merges.OrderByDescending(merge => merge.Score).ThenBy(merge => merge.Left).ThenBy(merge => merge.Right)
                .Select(merge => (JsonNode)new JsonArray(tokens[merge.Left], tokens[merge.Right])),
        ];
    }

    private static JsonObject Normalizer(bool addsBlank)
    {
        var replace = new JsonObject
        {
            ["type"] = "Replace",
            ["pattern"] = new JsonObject { ["String"] = " " },
            ["content"] = "▁",
        };
        return new JsonObject
        {
            ["type"] = "Sequence",
            ["normalizers"] = addsBlank
                ? new JsonArray(new JsonObject { ["type"] = "Prepend", ["prepend"] = "▁" }, replace)
                : new JsonArray(replace),
        };
    }

    private static JsonObject Decoder(bool addsBlank)
    {
        var steps = new JsonArray(
            new JsonObject
            {
                ["type"] = "Replace",
                ["pattern"] = new JsonObject { ["String"] = "▁" },
                ["content"] = " ",
            },
            new JsonObject { ["type"] = "ByteFallback" },
            new JsonObject { ["type"] = "Fuse" });
        if (addsBlank)
        {
            steps.Add(new JsonObject { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 });
        }

        return new JsonObject { ["type"] = "Sequence", ["decoders"] = steps };
    }
}
