using Hone.Algorithms;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Torch;

namespace Hone.Conformance.Checks.Rl;

/// <summary>Weights of tokens that another engine sampled.</summary>
public sealed class SamplerCorrectionCheck : ICheck
{
    public string Area => "rl";

    public IReadOnlyList<string> Kinds => ["trl.grpo.sampler_correction"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        AdvantageCheck.Compare(golden, findings);
        var (inputs, expected) = (golden.Inputs, golden.Expected);
        var tolerance = Recorded.Tolerance(golden);
        var correction = Correction(golden.Options);
        var batch = Batch(inputs);
        var old = Tensor.Of<double>(batch.Pack(inputs["old_per_token_logps"].Items));
        var sampler = Tensor.Of<double>(batch.Pack(inputs["sampling_per_token_logps"].Items));

        var weights = correction.Weights(old, sampler, batch.Sequences);
        var recorded = batch.Pack(expected["importance_sampling_ratio"].Items);
        findings.Close("importance_sampling_ratio", recorded, weights.ToArray<double>(), tolerance);

        var (mean, largest) = SamplerCorrection.Mismatch(old, sampler);
        var values = correction.Level == RatioLevel.Token ? weights : batch.Sequences.Mean(weights);
        var ratio = new PolicyMetric("importance_sampling_ratio", values, correction.Level);
        foreach (var (name, value) in expected["metrics"].Entries.Where(AdvantageCheck.IsOfSampler))
        {
            var got = name switch
            {
                "sampling/sampling_logp_difference/mean" => mean.Mean,
                "sampling/sampling_logp_difference/max" => largest,
                "sampling/importance_sampling_ratio/mean" => ratio.Mean().Mean,
                "sampling/importance_sampling_ratio/min" => ratio.Values.Min().Item(),
                "sampling/importance_sampling_ratio/max" => ratio.Values.Max().Item(),
                _ => throw new GoldenException($"metrics.{name}: the product logs no such metric"),
            };
            findings.Close(value, got, tolerance);
        }
    }

    private static SamplerCorrection Correction(Field options)
    {
        var smallest = options.Value("vllm_importance_sampling_clip_min")?.Number ?? 0;
        var largest = options.Value("vllm_importance_sampling_clip_max")?.Number ?? double.PositiveInfinity;
        var (level, bound) = options.TextOr("vllm_importance_sampling_mode", "sequence_mask") switch
        {
            "token_truncate" => (RatioLevel.Token, SamplerBound.Truncate),
            "token_mask" => (RatioLevel.Token, SamplerBound.Mask),
            "sequence_truncate" => (RatioLevel.Sequence, SamplerBound.Truncate),
            "sequence_mask" => (RatioLevel.Sequence, SamplerBound.Mask),
            var mode => throw new GoldenException($"vllm_importance_sampling_mode: the product has no \"{mode}\""),
        };
        return new SamplerCorrection(level, bound, smallest, largest);
    }

    /// <summary>The completions of different lengths, padded to the columns of the log-probs.</summary>
    private static PaddedBatch Batch(Field inputs)
    {
        var columns = inputs["old_per_token_logps"].Items[0].Items.Count;
        var lengths = inputs["completion_ids"].Items.Select(row => row.Items.Count);
        var mask = lengths.Select(length => Enumerable.Range(0, columns).Select(column => column < length ? 1 : 0));
        using var document = System.Text.Json.JsonDocument.Parse(System.Text.Json.JsonSerializer.Serialize(mask));
        var completionMask = new Field(document.RootElement.Clone(), "completion_ids");
        return PaddedBatch.Of(completionMask, inputs.Value("tool_mask"), Range.All);
    }
}
