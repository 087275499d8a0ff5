using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Models;

/// <summary>A real small model on stories: log-probs of all, logits of two.</summary>
public sealed class SideBySideCheck : ICheck
{
    public string Area => "models";

    public IReadOnlyList<string> Kinds => ["hf_side_by_side/stories"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model =
            ModelFolder.Load(golden.Folders.Fixture(Path.GetRelativePath("real", golden.Record["model"].Text)));
        var stories = golden.Record["stories"].Items;
        var sequences = stories.Select(story => story["ids"].Items.Select(id => (int)id.Whole).ToArray()).ToArray();

        var scores = new SequenceScorer(model.Decoder).Score(sequences);
        foreach (var (story, score) in stories.Zip(scores))
        {
            findings.Close(story["logprobs_float64"], Array.ConvertAll(score[1..], value => (double)value),
                new Tolerance(0, 1e-4));
        }

        using var expected = SafetensorsFile.Open(golden.Beside("logits.safetensors"));
        foreach (var entry in expected.Header.Entries.Where(
            entry => entry.Name.Contains("float32", StringComparison.Ordinal)))
        {
            var story = int.Parse(
                entry.Name[(entry.Name.LastIndexOf('.') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            var logits = model.Decoder.Head.Logits(model.Decoder.Hidden(TokenBatch.Of(sequences[story])));
            findings.Close(entry.Name, expected.Load(entry.Name).ToArray<double>(), logits.ToArray<double>(),
                new Tolerance(1e-5, OfLargest: true));
        }
    }
}
