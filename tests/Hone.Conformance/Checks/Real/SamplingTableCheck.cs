using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Conformance.Checks.Real;

/// <summary>The probabilities that the next token of a text is drawn with, under several options.</summary>
public sealed class SamplingTableCheck : ICheck
{
    private static readonly Tolerance Nearly = new(0, 1e-5);

    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["sampling"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var model = RealModel.Load(golden);
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var prompt = RealModel.Ids(golden.Record["prompt_ids"]);
        findings.SameList("prompt_ids", prompt, model.Tokenizer!.EncodeIds(golden.Record["prompt"].Text));
        var hidden = model.Decoder.Hidden(TokenBatch.Of(prompt));
        var logits = model.Decoder.Head.Logits(hidden.Narrow(0, prompt.Length - 1, 1)).ToArray<float>();
        var sampler = new TokenSampler(logits.Length);
        foreach (var record in golden.Record["cases"].Items)
        {
            var probabilities = new float[logits.Length];
            var text = new SampledText(prompt, prompt.Length);
            sampler.Distribution(logits, Options(record["options"]), text, probabilities);
            var ids = RealModel.Ids(record["ids"]);
            findings.Same(record["support"].At, record["support"].Whole, probabilities.Count(value => value > 0));
            findings.Close(record["probabilities"], [.. ids.Select(id => (double)probabilities[id])], Nearly);
            var rest = probabilities.Sum(value => (double)value) - ids.Sum(id => (double)probabilities[id]);
            findings.Close(record["rest"], rest, Nearly);
        }
    }

    private static SamplingOptions Options(Field options) => new()
    {
        Temperature = options["temperature"].Number,
        TopK = (int)options.NumberOr("top_k", 0),
        TopP = options.NumberOr("top_p", 1),
        MinP = options.NumberOr("min_p", 0),
    };
}
