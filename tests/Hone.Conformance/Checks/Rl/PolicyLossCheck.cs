using Hone.Algorithms;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checks.Rl;

/// <summary>All loss types of TRL's GRPO trainer: loss, gradients, metrics.</summary>
public sealed class PolicyLossCheck : ICheck
{
    public string Area => "rl";

    public IReadOnlyList<string> Kinds => ["trl.grpo.loss"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var (inputs, options, expected) = (golden.Inputs, golden.Options, golden.Expected);
        var tolerance = Recorded.Tolerance(golden);
        var bonus = EntropyCoefficient(options);
        var step = new RecordedRollout(inputs, options, Range.All)
            .Run(bonus.Active, inputs.Value("num_items_in_batch")?.Number);

        findings.Close(expected["loss"], step.Loss, tolerance);
        findings.Close(expected["grad_per_token_logps"], step.LogProbGradient, tolerance);
        if (expected.Value("grad_entropies") is { } gradient)
        {
            findings.Close(gradient, step.EntropyGradient, tolerance);
        }

        var adapting = options.FlagOr("use_adaptive_entropy", false) && options.TextOr("mode", "train") == "train";
        var after = adapting ? bonus.After(step.Metrics["entropy"]) : bonus;
        if (expected.Value("entropy_coef_after") is { } coefficient)
        {
            findings.Close(coefficient, after.Coefficient, tolerance);
            findings.Close(expected["last_world_entropy_after"], after.LastEntropy, tolerance);
        }

        foreach (var (name, value) in expected["metrics"].Entries)
        {
            var got = name switch
            {
                "policy_loss" => step.PolicyLoss,
                "entropy_coef" => after.Coefficient,
                _ => step.Metrics.TryGetValue(name, out var metric)
                    ? metric
                    : throw new GoldenException($"metrics.{name}: the product logs no such metric"),
            };
            findings.Close(value, got, tolerance);
        }
    }

    /// <summary>A fixed coefficient is one whose target every entropy reaches.</summary>
    private static AdaptiveEntropy EntropyCoefficient(Field options)
    {
        var adaptive = options.FlagOr("use_adaptive_entropy", false);
        var target = adaptive ? options.NumberOr("entropy_target", 0.2) : double.PositiveInfinity;
        return new AdaptiveEntropy(options.NumberOr("entropy_coef", 0), target)
        {
            Change = options.NumberOr("entropy_coef_delta", 0.005),
            Smallest = options.NumberOr("entropy_coef_min", 0),
            Largest = options.NumberOr("entropy_coef_max", 1),
            LastEntropy = options.NumberOr("last_world_entropy", double.PositiveInfinity),
        };
    }
}
