using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Torch;

namespace Hone.Conformance.Checks.Models;

/// <summary>Heads that score labels: scores of sequences alone, and of those that end in the padding token.</summary>
/// <remarks>There is no padding here: the padded batches of the record are the same sequences.</remarks>
public sealed class LabelHeadCheck : ICheck
{
    public string Area => "models";

    public IReadOnlyList<string> Kinds => ["heads:*"];

    public string? NotOffered(GoldenCase golden)
    {
        var family = ConfigFile.Read(golden.Beside(".")).Text("model_type");
        return ModelFamilies.All.Any(known => known.ModelType == family) ? null : $"the family {family} is not offered";
    }

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model = ModelFolder.Load(golden.Beside("."));
        var scorer = new LabelScorer(model.Decoder);
        var tolerance = new Tolerance(0, golden.Record["tolerance"]["scores_abs"].Number);

        findings.Close(golden.Record.Find("alone_float64") ?? golden.Record["alone"],
            Scores(scorer, golden.Inputs["ids"]), tolerance);
        if (golden.Record.Value("ends_with_pad_token") is { } padded)
        {
            var unpadded = padded["input_ids"].Items.Zip(padded["attention_mask"].Items, (ids, mask) => ids.Numbers
                .Zip(mask.Numbers)
                .Where(pair => pair.Second != 0)
                .Select(pair => (int)pair.First)
                .ToArray());
            findings.Close(padded["scores"], scorer.Score([.. unpadded]).ToArray<double>(), tolerance);
        }
    }

    private static double[] Scores(LabelScorer scorer, Field sequences) =>
        scorer.Score([.. sequences.Items.Select(ids => Array.ConvertAll(ids.Numbers, id => (int)id))])
            .ToArray<double>();
}
