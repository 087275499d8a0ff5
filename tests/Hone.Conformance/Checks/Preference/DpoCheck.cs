using Hone.Algorithms;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Torch;

namespace Hone.Conformance.Checks.Preference;

/// <summary>Losses of direct preference optimisation, their gradients and metrics.</summary>
public sealed class DpoCheck : ICheck
{
    public string Area => "preference";

    public IReadOnlyList<string> Kinds => ["objectives/dpo"];

    public string? NotOffered(GoldenCase golden)
    {
        string[] names = [.. golden.Options["loss_type"].Items.Select(name => name.Text)];
        return names is ["sigmoid"] ? null : $"the objective {string.Join(" + ", names)} is not offered yet";
    }

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        var (inputs, options) = (golden.Inputs, golden.Options);
        var batch = new PairBatch(inputs);
        var policy = batch.Tokens(inputs["policy_token_logps"]);                    // [token]
        policy.RequiresGrad = true;
        var reference = inputs.Value("ref_chosen_logps") is { } chosen
            ? batch.Sums(chosen, inputs["ref_rejected_logps"])
            : batch.Tokens(inputs["reference_token_logps"]);                        // [token]
        var sums = new PreferenceLogRatio { SurplusWeight = options.NumberOr("ld_alpha", 1) };
        var ratios = sums.Compute(policy, reference, batch.Sequences);              // [pair] each

        // TRL leaves smoothing to other objectives; with it ours is the conservative one, which papers/cdpo judges.
        var terms = new LogisticPreference(options["beta"].Number).Compute(Divergence(options).Score(ratios));
        if (options.FlagOr("use_weighting", false))
        {
            terms *= PairWeights.Compute(policy, batch.Tokens(inputs["log_sum_sq_probs"]), batch.Sequences);
        }

        var loss = new Aggregation.PairMean().Reduce(terms, batch.Sequences, GlobalCounts.Of(batch.Sequences));
        loss.Backward();
        findings.CloseInFloat32(golden, "per_example_loss", terms.ToArray<double>());
        findings.CloseInFloat32(golden, "loss", [loss.Item()]);
        findings.CloseInFloat32(golden, "grad_policy_token_logps", batch.Unpack(policy.Grad!.ToArray<double>()));
        var metrics = PreferenceMetrics.Rewards(ratios, options["beta"].Number)
            .Concat(PreferenceMetrics.LogProbs(sums, policy, batch.Sequences))
            .Concat(PreferenceMetrics.OfTokens("logits", batch.Tokens(inputs["mean_logits"]), batch.Sequences));
        foreach (var metric in metrics)
        {
            findings.CloseInFloat32(golden, $"metrics.{metric.Name}", [metric.Mean().Mean]);
        }
    }

    private static PreferenceDivergence Divergence(Field options) => options["f_divergence_type"].Text switch
    {
        "reverse_kl" => new PreferenceDivergence.ReverseKl(),
        "forward_kl" => new PreferenceDivergence.ForwardKl(),
        "js_divergence" => new PreferenceDivergence.JensenShannon(),
        "alpha_divergence" => new PreferenceDivergence.Alpha(options["f_alpha_divergence_coef"].Number),
        var name => throw new GoldenException($"f_divergence_type: the product has no \"{name}\""),
    };
}
