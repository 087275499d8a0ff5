using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Text;

namespace Hone.Conformance.Checks.Real;

/// <summary>Evaluations that the model writes answers for, the likeliest token at each step.</summary>
public sealed class CompletionCheck : ICheck
{
    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds =>
        ["bbh_boolean_expressions_3shot", "bbh_date_understanding_3shot", "gsm8k_3shot", "ifeval"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var model = RealModel.Load(golden);
        var records = RealModel.Records(golden);
        var (tokenizer, prompts) = (model.Tokenizer!, Prompts(golden, records, model.Tokenizer!));
        if (records[0].Find("context_tokens") is not null)
        {
            findings.SameList(
                "context_tokens",
                [.. records.Select(record => (int)record["context_tokens"].Whole)],
                [.. prompts.Select(prompt => prompt.Length)]);
        }

        var options = Options(golden.Kind, model.Generation);
        var answers = model.CreateEngine(new EngineOptions())
            .Run([.. prompts.Select(prompt => new GenerationRequest(prompt, options))], null, CancellationToken.None);
        foreach (var (i, record) in records.Index())
        {
            // Behind a step whose two likeliest tokens are this near, rounding decides.
            var sure = record.Value("first_step_with_margin_below_1e_3") is { } near ? (int)near.Whole : int.MaxValue;
            var (expected, got) = (RealModel.Ids(record["ids"]), answers[i].Tokens);
            findings.SameList($"{i}.ids", [.. expected.Take(sure)], [.. got.Take(Math.Min(sure, got.Length))]);
            if (sure == int.MaxValue && golden.Kind == "ifeval")
            {
                findings.Same(
                    $"{i}.completion", record["completion"].Text, tokenizer.Decode(got, skipSpecialTokens: true));
            }
        }
    }

    private static int[][] Prompts(GoldenCase golden, IReadOnlyList<Field> records, Tokenizer tokenizer)
    {
        if (golden.Kind != "ifeval")
        {
            var prompts = new EvaluationPrompts(golden, records);
            return [.. records.Select(record => tokenizer.EncodeIds(prompts.Of(record), addSpecialTokens: false))];
        }

        var template = ChatTemplates.For(RealModel.Folder(golden), tokenizer, TimeProvider.System);
        return [.. records.Select(record => tokenizer.EncodeIds(
            template.Render([new Message("user", record["prompt"].Text)], addGenerationPrompt: true),
            addSpecialTokens: false))];
    }

    private static SamplingOptions Options(string kind, GenerationDefaults model) => new()
    {
        Temperature = 0,
        MaxNewTokens = kind is "gsm8k_3shot" or "ifeval" ? 256 : 8,
        StopTokens = model.StopTokens,
        StopStrings = kind switch
        {
            "gsm8k_3shot" => ValueList.Create<string>(["Question:", "</s>", "<|im_end|>"]),
            "ifeval" => [],
            _ => ValueList.Create<string>(["</s>", "Q", "\n\n"]),
        },
    };
}
