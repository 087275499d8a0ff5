using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Generation;

namespace Hone.Conformance.Checks.Real;

/// <summary>The likeliest answers to additions. What was sampled is a guide and not to be repeated.</summary>
public sealed class GreedyAdditionsCheck : ICheck
{
    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["rl_probe"];

    public void Run(GoldenCase golden, Findings findings)
    {
        const double near = 1e-3;
        using var model = RealModel.Load(golden);
        foreach (var row in golden.Record["results"].Items)
        {
            Field[] items = [.. row["items"].Items.Where(item => item["greedy_min_margin"].Number > near)];
            var options = new SamplingOptions
            {
                Temperature = 0,
                MaxNewTokens = (int)row["max_new_tokens"].Whole,
                StopTokens = model.Generation.StopTokens,
                StopStrings = row["format"].Text.StartsWith("plain", StringComparison.Ordinal) ? ["\n"] : [],
            };
            var answers = model.CreateEngine(new EngineOptions()).Run(
                [.. items.Select(item => new GenerationRequest(RealModel.Ids(item["prompt_ids"]), options))],
                null,
                CancellationToken.None);
            foreach (var (item, answer) in items.Zip(answers))
            {
                findings.Same(
                    item["greedy_text"].At,
                    item["greedy_text"].Text,
                    model.Tokenizer!.Decode(answer.Tokens, skipSpecialTokens: true));
            }
        }
    }
}
