using Hone.Algorithms;
using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checks.Rl;

/// <summary>The options of TRL's GRPO trainer in the product's own words.</summary>
internal static class TrlPolicy
{
    /// <summary>The policy loss with its masks and divergence.</summary>
    public static PolicyObjective Objective(Field options) => new(Loss(options))
    {
        KlWeight = options.NumberOr("beta", 0),
        CorrectKl = options.FlagOr("use_bias_correction_kl", true),
        OffPolicyThreshold = options.NumberOr("off_policy_mask_threshold", double.PositiveInfinity),
    };

    /// <summary>What the ratio compares.</summary>
    public static RatioLevel Level(Field options) => options.TextOr("importance_sampling_level", "token") switch
    {
        "token" => RatioLevel.Token,
        "sequence" => RatioLevel.Sequence,
        var level => throw new GoldenException($"importance_sampling_level: the product has no \"{level}\""),
    };

    /// <summary>How the terms are reduced.</summary>
    public static Aggregation Aggregation(Field options) => options.TextOr("loss_type", "dapo") switch
    {
        "grpo" or "sapo" => new Aggregation.SequenceMean(),
        "luspo" => new Aggregation.SequenceSum(),
        "dr_grpo" => new Aggregation.PerSequenceConstant(options.NumberOr("max_completion_length", 512)),
        _ => new Aggregation.TokenMean(),
    };

    /// <summary>The counts of the whole step, which the trainer guesses from the micro-batch as its options
    /// say.</summary>
    /// <param name="options">The trainer's options.</param>
    /// <param name="sequences">The rows of the micro-batch.</param>
    /// <param name="tokensOfGeneration">The tokens of all rows that were generated together, where that is
    /// known.</param>
    /// <param name="logged">For the logged loss, which is the mean over micro-batches where each has its own
    /// counts.</param>
    public static GlobalCounts Counts(
        Field options, Sequences sequences, double? tokensOfGeneration, bool logged = false)
    {
        var training = options.TextOr("mode", "train") == "train";
        var ofGeneration = options.TextOr("loss_type", "dapo") is "dapo" or "cispo" or "vespo";
        var accumulation = options.NumberOr("gradient_accumulation_steps", 1);
        var microBatches = training && (ofGeneration || !logged) ? accumulation : 1;
        var generation = training ? options.NumberOr("steps_per_generation", accumulation) : 1;
        var tokens = ofGeneration
            ? Math.Max(1, tokensOfGeneration ?? sequences.Tokens) / generation
            : Math.Max(1, sequences.Tokens);
        return new GlobalCounts(tokens * microBatches, sequences.Count * microBatches);
    }

    private static IPolicyLoss Loss(Field options)
    {
        var low = options.NumberOr("epsilon", 0.2);
        var high = options.NumberOr("epsilon_high", low);
        return options.TextOr("loss_type", "dapo") switch
        {
            "grpo" or "bnpo" or "dr_grpo" or "dapo" or "luspo" => new ClippedPolicyLoss(new ClipRange(low, high))
            {
                RatioBound = options.NumberOr("delta", double.PositiveInfinity),
            },
            "cispo" => new CappedPolicyLoss(high),
            "sapo" => new SoftGatedPolicyLoss(
                options.NumberOr("sapo_temperature_pos", 1), options.NumberOr("sapo_temperature_neg", 1.05)),
            "vespo" => new VariationalPolicyLoss(
                new GammaWeight(options.NumberOr("vespo_k_pos", 2), options.NumberOr("vespo_lambda_pos", 3)),
                new GammaWeight(options.NumberOr("vespo_k_neg", 3), options.NumberOr("vespo_lambda_neg", 2))),
            var type => throw new GoldenException($"loss_type: the product has no \"{type}\""),
        };
    }
}
