using System.Numerics.Tensors;

namespace Hone.Models.Generation;

/// <summary>Chooses tokens from rows of logits, without sorting the vocabulary and without allocating.</summary>
/// <remarks>Not for several threads at once: it has one set of scratch rows.</remarks>
/// <param name="vocabularySize">Length of a row.</param>
public sealed class TokenSampler(int vocabularySize)
{
    private const int Block = 512;

    private readonly float[] _logits = new float[vocabularySize];
    private readonly float[] _weights = new float[vocabularySize];
    private readonly LogitRules _rules = new(vocabularySize);
    private readonly WeightFilter _filter = new(vocabularySize);
    private EntropyFilter? _entropyFilter;

    /// <summary>Chooses a token.</summary>
    /// <param name="logits">One row, <c>[vocab]</c>.</param>
    /// <param name="options">How to choose.</param>
    /// <param name="text">The tokens so far.</param>
    /// <param name="uniform">The draw, in [0, 1); not used at temperature 0.</param>
    /// <exception cref="CheckpointException">The logits are not numbers, or the options ban all tokens.</exception>
    public SampledToken Sample(ReadOnlySpan<float> logits, SamplingOptions options, SampledText text, double uniform)
    {
        var greatest = TensorPrimitives.Max(logits);
        var mass = ExponentialSum(logits, greatest, options.LogProbTemperature);
        if (!double.IsFinite(mass))
        {
            throw NotFinite();
        }

        var plain = !options.ChangesLogits(text.NewTokens.Length);
        var id = (plain, options.IsGreedy) switch
        {
            (true, true) => IndexOfGreatest(logits),
            (false, true) => IndexOfGreatest(Ruled(logits, options, text)),
            // the weights are those of the sum above
            (true, false) when options.Temperature == options.LogProbTemperature => Draw(options, uniform),
            (true, false) => Draw(logits, options, uniform),
            (false, false) => Draw(Ruled(logits, options, text), options, uniform),
        };
        return new SampledToken(id, (float)(((logits[id] - greatest) / options.LogProbTemperature) - Math.Log(mass)));
    }

    /// <summary>The probabilities that <see cref="Sample"/> draws from.</summary>
    /// <param name="logits">One row, <c>[vocab]</c>.</param>
    /// <param name="options">How to choose; at temperature 0 the likeliest token has probability 1.</param>
    /// <param name="text">The tokens so far.</param>
    /// <param name="probabilities">Where to put them, <c>[vocab]</c>; 0 for tokens that cannot be chosen.</param>
    public void Distribution(
        ReadOnlySpan<float> logits, SamplingOptions options, SampledText text, Span<float> probabilities)
    {
        var row = Ruled(logits, options, text);
        if (options.IsGreedy)
        {
            probabilities.Clear();
            probabilities[IndexOfGreatest(row)] = 1;
            return;
        }

        ExponentialSum(row, TensorPrimitives.Max(row), options.Temperature);
        var mass = Filter(options);
        TensorPrimitives.Multiply(_weights, (float)(1 / mass), probabilities);
    }

    /// <summary>The model's logits are not numbers.</summary>
    internal static CheckpointException NotFinite() =>
        new("generation: logits must be finite numbers, the model gave NaN or infinity; look for NaN among its "
            + "weights");

    /// <summary>No token is left.</summary>
    internal static CheckpointException AllBanned() =>
        new("generation: some token must be possible, the options ban all of them; ban fewer");

    // TensorPrimitives.IndexOfMax keeps indices in the bits of floats: where denormals are flushed, as on compute
    // threads, all are 0.
    private static int IndexOfGreatest(ReadOnlySpan<float> row) => row.IndexOf(TensorPrimitives.Max(row));

    private Span<float> Ruled(ReadOnlySpan<float> logits, SamplingOptions options, SampledText text)
    {
        logits.CopyTo(_logits);
        _rules.Apply(_logits, options, text);
        return float.IsNegativeInfinity(TensorPrimitives.Max<float>(_logits))
            ? throw AllBanned()
            : _logits;
    }

    // Drops weights of tokens that cannot be chosen; returns the sum of the rest.
    private double Filter(SamplingOptions options)
    {
        var mass = _filter.Apply(_weights, options);
        if (options is { TypicalP: 1, EpsilonCutoff: 0, EtaCutoff: 0 })
        {
            return mass;
        }

        _entropyFilter ??= new EntropyFilter(_weights.Length);
        _entropyFilter.Apply(_weights, options);
        return WeightFilter.Sum(_weights);
    }

    private int Draw(ReadOnlySpan<float> logits, SamplingOptions options, double uniform)
    {
        ExponentialSum(logits, TensorPrimitives.Max(logits), options.Temperature);
        return Draw(options, uniform);
    }

    // The first token at which the running sum of weights passes uniform · (sum of all).
    private int Draw(SamplingOptions options, double uniform)
    {
        var left = uniform * Filter(options);
        var last = 0;
        for (var start = 0; start < _weights.Length; start += Block)
        {
            var block = _weights.AsSpan(start, Math.Min(Block, _weights.Length - start));
            double sum = TensorPrimitives.Sum(block);
            if (sum == 0)
            {
                continue;
            }

            if (left >= sum)
            {
                left -= sum;
                last = start + block.LastIndexOfAnyExcept(0f);
                continue;
            }

            for (var i = 0; i < block.Length; i++)
            {
                if (block[i] > 0)
                {
                    last = start + i;
                    left -= block[i];
                    if (left < 0)
                    {
                        return last;
                    }
                }
            }
        }

        return last; // only when rounding leaves a rest after the last weight
    }

    // Leaves exp((logit − greatest) / temperature) in _weights; returns their sum.
    private double ExponentialSum(ReadOnlySpan<float> logits, float greatest, double temperature)
    {
        Span<float> weights = _weights;
        TensorPrimitives.Subtract(logits, greatest, weights);
        if (temperature != 1)
        {
            // the largest keeps its distance of 0 at any temperature
            TensorPrimitives.Multiply(weights, (float)Math.Min(1 / temperature, float.MaxValue), weights);
        }

        TensorPrimitives.Exp(weights, weights);
        return WeightFilter.Sum(weights);
    }
}
