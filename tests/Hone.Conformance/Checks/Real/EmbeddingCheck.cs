using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Encoders;

namespace Hone.Conformance.Checks.Real;

/// <summary>Texts to ids and vectors, and products of vectors.</summary>
public sealed class EmbeddingCheck : ICheck
{
    private static readonly Tolerance Nearly = new(0, 2e-6);

    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["expected", "cosines"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var records = GoldenFile.Read(golden.Beside("expected.jsonl")).Lines;
        using var embedder = TextEmbedder.Load(RealModel.Folder(golden));
        int[][] tokens = [.. records.Select(
            record => embedder.Encode(record["text"].Text, (int)record["max_length"].Whole))];
        var vectors = embedder.Embed(tokens);
        if (golden.Kind == "cosines")
        {
            foreach (var pair in golden.Record["pairs"].Items)
            {
                var (a, b) = (vectors[pair["a"].Whole], vectors[pair["b"].Whole]);
                findings.Close(pair["cosine_float64"], a.Zip(b, (x, y) => (double)x * y).Sum(), Nearly);
            }

            return;
        }

        foreach (var (i, record) in records.Index())
        {
            findings.SameList($"{i}.ids", RealModel.Ids(record["ids"]), tokens[i]);
            double[] got = [.. vectors[i].Select(value => (double)value)];
            findings.Close($"{i}.embedding", record["embedding"].Numbers, got, Nearly);
        }
    }
}
