using Hone.Algorithms;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Conformance.Checks.Models;

/// <summary>Tiny causal models: logits, losses, gradients, greedy tokens, and what is written back.</summary>
/// <remarks>
/// Two departures, on purpose. Packed segments keep the rotary frequencies of their own length, where the reference
/// takes the longest of the row (<c>logits_packed</c> is not compared). Of greedy texts recorded with and without cache
/// those with it are compared.
/// </remarks>
public sealed class CheckpointCheck : ICheck
{
    private const int NotTrained = -100;

    public string Area => "models";

    public IReadOnlyList<string> Kinds => ["checkpoints:*"];

    public string? NotOffered(GoldenCase golden)
    {
        var family = ConfigFile.Read(golden.Beside(".")).Text("model_type");
        return ModelFamilies.All.Any(known => known.ModelType == family) ? null : $"the family {family} is not offered";
    }

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var model = ModelFolder.Load(golden.Beside("."));
        var sequences = golden.Inputs["ids"].Items.Select(Ids).ToArray();

        CompareForward(golden, model.Decoder, sequences, findings);
        CompareLosses(golden, model.Decoder, sequences, findings);
        CompareGreedy(golden, model, findings);
        CompareWritten(golden, model, findings);
    }

    private static int[] Ids(Field list) => [.. list.Items.Select(item => (int)item.Whole)];

    private static void CompareForward(GoldenCase golden, Decoder decoder, int[][] sequences, Findings findings)
    {
        using var noGrad = Autograd.NoGrad();
        using var expected = SafetensorsFile.Open(golden.Beside("expected.safetensors"));
        var tolerance = new Tolerance(0, golden.Record["tolerance"]["logits_abs"].Number);
        for (var i = 0; i < sequences.Length; i++)
        {
            using var scope = TensorScope.Open();
            var hidden = decoder.Hidden(TokenBatch.Of(sequences[i]));
            findings.Close(
                $"logits_float64.{i}", expected.Load($"logits_float64.{i}").ToArray<double>(),
                decoder.Head.Logits(hidden).ToArray<double>(), tolerance);
            findings.Close(
                $"hidden.{i}", expected.Load($"hidden.{i}").ToArray<double>(), hidden.ToArray<double>(),
                new Tolerance(1e-5, OfLargest: true));
        }

        var scores = new SequenceScorer(decoder).Score(sequences);
        foreach (var (field, score) in golden.Record["next_token_logprobs_float64"].Items.Zip(scores))
        {
            findings.Close(field, Array.ConvertAll(score[1..], value => (double)value), tolerance);
        }
    }

    private static void CompareLosses(GoldenCase golden, Decoder decoder, int[][] sequences, Findings findings)
    {
        var labels = golden.Inputs["labels"].Items.Select(Ids).ToArray();
        var relative = new Tolerance(golden.Record["tolerance"]["loss_rel"].Number);
        for (var i = 0; i < sequences.Length; i++)
        {
            using var noGrad = Autograd.NoGrad();
            findings.Close(golden.Record["loss"][$"sequence_{i}_float64"],
                Loss(decoder, [sequences[i]], [labels[i]]).Item(), relative);
        }

        decoder.SetTrainable(true);
        var both = Loss(decoder, sequences, labels);
        both.Backward();
        decoder.SetTrainable(false);
        findings.Close(golden.Record["loss"]["both_float64"], both.Item(), relative);

        using var gradients = SafetensorsFile.Open(golden.Beside("grads.safetensors"));
        var total = Math.Sqrt(gradients.Header.Entries.Sum(entry => Math.Pow(Norm(gradients.Load(entry.Name)), 2)));
        foreach (var entry in gradients.Header.Entries)
        {
            // A difference is judged by its norm, in proportion to the tensor's, or to that of all where the tensor's
            // is next to nothing.
            var expected = gradients.Load(entry.Name);
            var got = decoder.Parameters[entry.Name].Grad ?? expected.ZerosLike();
            findings.Close($"grads.{entry.Name}", 0, Norm(got - expected),
                new Tolerance(0, 1e-4 * Math.Max(Norm(expected), 1e-4 * total)));
        }
    }

    // Labels of place t + 1 are what place t predicts; all trained places share one mean.
    private static Tensor Loss(Decoder decoder, int[][] sequences, int[][] labels)
    {
        var places = new List<long>();
        var targets = new List<long>();
        var start = 0;
        foreach (var row in labels)
        {
            for (var t = 1; t < row.Length; t++)
            {
                if (row[t] != NotTrained)
                {
                    places.Add(start + t - 1);
                    targets.Add(row[t]);
                }
            }

            start += row.Length;
        }

        var hidden = decoder.Hidden(TokenBatch.Of(sequences)).IndexSelect(0, Tensor.Of<long>([.. places]));
        var terms =
            SupervisedLoss.NegativeLogLikelihood(decoder.Head.LogProbs(hidden, Tensor.Of<long>([.. targets])).LogProbs);
        var all = Sequences.OfLengths(places.Count);
        return new Aggregation.TokenMean().Reduce(terms, all, GlobalCounts.Of(all));
    }

    private static void CompareGreedy(GoldenCase golden, ModelFolder model, Findings findings)
    {
        var engine = model.CreateEngine(new EngineOptions());
        foreach (var greedy in golden.Record["greedy"].Items.Where(greedy => greedy.FlagOr("use_cache", true)))
        {
            var expected = Ids(greedy["tokens"]);
            var request = new GenerationRequest(
                Ids(greedy["prompt"]), new SamplingOptions { Temperature = 0, MaxNewTokens = expected.Length });
            findings.SameList(greedy.At, expected, engine.Run([request])[0].Tokens);
        }
    }

    private static void CompareWritten(GoldenCase golden, ModelFolder model, Findings findings)
    {
        var folder = Directory.CreateTempSubdirectory("hone-conformance-").FullName;
        try
        {
            model.Save(folder);
            var source = ConfigFile.Read(golden.Beside("."));
            var written = ConfigFile.Read(folder);
            var family = ModelFamilies.Of(source);
            findings.SameList("config.json keys", Keys(source), Keys(written));
            findings.Same("config.json read back", family.Read(source), family.Read(written));
            var version5 = ConfigFields.Parse(File.ReadAllText(golden.Beside("config.v5.json")), "config.v5.json");
            findings.Same("config.v5.json", family.Read(source), family.Read(version5));
            findings.SameList(
                Checkpoint.SingleFile, File.ReadAllBytes(golden.Beside(Checkpoint.SingleFile)),
                File.ReadAllBytes(Path.Combine(folder, Checkpoint.SingleFile)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] Keys(ConfigFields fields) =>
        [.. fields.Copy().Select(field => field.Key).Order(StringComparer.Ordinal)];

    private static double Norm(Tensor x) => Math.Sqrt(Fused.SumOfSquares([x]).Item());
}
