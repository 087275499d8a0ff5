using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checks.Rl;

/// <summary>One batch against micro-batches of it.</summary>
public sealed class PolicySplitCheck : ICheck
{
    public string Area => "rl";

    public IReadOnlyList<string> Kinds => ["trl.grpo.split"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var (inputs, options, expected) = (golden.Inputs, golden.Options, golden.Expected);
        var tolerance = Recorded.Tolerance(golden);
        var bonus = options.NumberOr("entropy_coef", 0);
        var whole = new RecordedRollout(inputs, options, Range.All)
            .Run(bonus, inputs.Value("num_items_in_batch")?.Number);
        findings.Close(expected["loss"], whole.Loss, tolerance);
        findings.Close(expected["grad_per_token_logps"], whole.LogProbGradient, tolerance);

        var parts = (int)options["parts"].Whole;
        var rows = inputs["completion_mask"].Items.Count / parts;
        var tokens = inputs.Value("num_items_in_batch")?.Number ?? inputs["completion_mask"].Numbers.Sum();
        var accumulating = Accumulating(options, parts);
        var steps = Enumerable.Range(0, parts)
            .Select(part => new RecordedRollout(inputs, accumulating, (part * rows)..((part + 1) * rows)))
            .Select(part => part.Run(bonus, tokens))
            .ToList();

        findings.Close(expected["part_losses"], steps.Select(step => step.Loss).ToArray(), tolerance);
        findings.Close(expected["sum_of_part_losses"], steps.Sum(step => step.Loss), tolerance);
        var gradients = steps.SelectMany(step => step.LogProbGradient).ToArray();
        findings.Close(expected["part_grad_per_token_logps"], gradients, tolerance);
    }

    /// <summary>The same options for a step of that many micro-batches.</summary>
    private static Field Accumulating(Field options, int parts)
    {
        var changed = System.Text.Json.Nodes.JsonObject.Create(options.Json)!;
        changed["gradient_accumulation_steps"] = parts;
        changed["steps_per_generation"] = parts;
        using var document = System.Text.Json.JsonDocument.Parse(changed.ToJsonString());
        return new Field(document.RootElement.Clone(), options.At);
    }
}
