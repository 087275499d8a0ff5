using Hone.Algorithms;
using Hone.Conformance.Goldens;
using Hone.Torch;

namespace Hone.Conformance.Checks.Rl;

/// <summary>Some rows of a recorded batch, on which the product computes loss and gradients.</summary>
/// <param name="inputs">The inputs of the record.</param>
/// <param name="options">The options of TRL's trainer.</param>
/// <param name="rows">The rows of this micro-batch.</param>
internal sealed class RecordedRollout(Field inputs, Field options, Range rows)
{
    private readonly PaddedBatch _batch =
        PaddedBatch.Of(inputs["completion_mask"], inputs.Value("tool_mask"), rows);

    /// <summary>Runs the product.</summary>
    /// <param name="entropyCoefficient">The coefficient of the entropy bonus.</param>
    /// <param name="tokensOfGeneration">The tokens of all rows that were generated together, where that is
    /// known.</param>
    public PolicyStep Run(double entropyCoefficient, double? tokensOfGeneration)
    {
        using var scope = TensorScope.Open();
        var logProbs = Leaf("per_token_logps");                                     // [token]
        var entropies = Leaf("entropies");                                          // [token]
        var tokens = Tokens(logProbs, entropies);
        var sequences = _batch.Sequences;

        var terms = TrlPolicy.Objective(options).Compute(logProbs, tokens);
        var aggregation = TrlPolicy.Aggregation(options);
        var loss = aggregation.Reduce(terms.Loss, sequences, TrlPolicy.Counts(options, sequences, tokensOfGeneration));
        if (entropyCoefficient != 0)
        {
            var bonus = EntropyBonus.Compute(entropies, tokens, entropyCoefficient); // [token]
            loss += new Aggregation.TokenMean().Reduce(bonus, sequences, BonusCounts(tokens));
        }

        loss.Backward();
        var loggedCounts = TrlPolicy.Counts(options, sequences, tokensOfGeneration, logged: true);
        var entropy = new PolicyMetric("entropy", entropies.Detach(), RatioLevel.Token);
        var metrics = terms.Metrics.Append(entropy);
        return new PolicyStep(
            loss.Item(),
            aggregation.Reduce(terms.Loss, sequences, loggedCounts).Item(),
            Gradient(logProbs),
            Gradient(entropies),
            metrics.ToDictionary(metric => metric.Name, metric => PolicyStep.Value(metric, sequences)));
    }

    private RolloutTokens Tokens(Tensor logProbs, Tensor entropies)
    {
        var share = options.NumberOr("top_entropy_quantile", 1);
        var threshold = HighEntropyTokens.Threshold(entropies.ToArray<double>(), share);
        var correcting = options.FlagOr("use_vllm", false);
        var columns = inputs["completion_mask"].Items[0].Items.Count;
        var oneWeight = columns > 1 && inputs.Value("importance_sampling_ratio")?.Items[0].Numbers.Length == 1;
        var old = Optional("old_per_token_logps") ?? logProbs.Detach();             // [token]
        return new RolloutTokens(old, Required("advantages"), _batch.Sequences)
        {
            Ratio = TrlPolicy.Level(options),
            ReferenceLogProbs = Optional("ref_per_token_logps"),
            SamplerLogProbs = Optional("sampling_per_token_logps"),
            SamplerWeights = correcting ? Optional("importance_sampling_ratio") : null,
            SamplerLevel = oneWeight ? RatioLevel.Sequence : RatioLevel.Token,
            Kept = share < 1 ? HighEntropyTokens.Select(entropies, threshold) : null,
        };
    }

    private GlobalCounts BonusCounts(RolloutTokens tokens)
    {
        var kept = tokens.Kept?.Sum().Item() ?? tokens.Sequences.Tokens;
        var training = options.TextOr("mode", "train") == "train";
        var microBatches = training ? options.NumberOr("gradient_accumulation_steps", 1) : 1;
        return new GlobalCounts(Math.Max(1, kept) * microBatches, tokens.Sequences.Count);
    }

    private Tensor Leaf(string name)
    {
        var leaf = Required(name);
        leaf.RequiresGrad = true;
        return leaf;
    }

    private Tensor Required(string name) => Tensor.Of<double>(_batch.Pack([.. inputs[name].Items.Take(rows)]));

    private Tensor? Optional(string name) => inputs.Value(name) is null ? null : Required(name);

    private double[] Gradient(Tensor leaf) => _batch.Unpack(leaf.Grad?.ToArray<double>() ?? new double[leaf.Count]);
}
