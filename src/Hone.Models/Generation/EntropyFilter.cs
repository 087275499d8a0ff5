namespace Hone.Models.Generation;

/// <summary>Sets the weights of tokens to zero by how their surprise compares with the entropy of all: typical-p,
/// epsilon and eta, in that order.</summary>
/// <param name="vocabularySize">Length of a row.</param>
internal sealed class EntropyFilter(int vocabularySize)
{
    private readonly double[] _distances = new double[vocabularySize];
    private readonly double[] _sorted = new double[vocabularySize];
    private readonly double[] _masses = new double[vocabularySize];

    /// <summary>Applies the filters to weights, the greatest of which is 1.</summary>
    public void Apply(Span<float> weights, SamplingOptions options)
    {
        if (options.TypicalP < 1)
        {
            KeepTypical(weights, options.TypicalP);
        }

        if (options.EpsilonCutoff > 0)
        {
            KeepFrom(weights, options.EpsilonCutoff);
        }

        if (options.EtaCutoff > 0)
        {
            var entropy = Entropy(weights, WeightFilter.Sum(weights));
            KeepFrom(weights, Math.Min(options.EtaCutoff, Math.Sqrt(options.EtaCutoff) * Math.Exp(-entropy)));
        }
    }

    // Locally typical sampling, arXiv:2202.00666: those whose surprise −ln p is nearest to the entropy, up to the mass,
    // and all as near as the last.
    private void KeepTypical(Span<float> weights, double mass)
    {
        var total = WeightFilter.Sum(weights);
        var entropy = Entropy(weights, total);
        var count = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            _distances[i] =
                weights[i] > 0 ? Math.Abs(-Math.Log(weights[i] / total) - entropy) : double.PositiveInfinity;
            if (weights[i] > 0)
            {
                _sorted[count] = _distances[i];
                _masses[count++] = weights[i] / total;
            }
        }

        Array.Sort(_sorted, _masses, 0, count);
        var (last, sum) = (0, _masses[0]);
        while (last + 1 < count && sum < mass)
        {
            sum += _masses[++last];
        }

        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = _distances[i] > _sorted[last] ? 0 : weights[i];
        }
    }

    // Truncation sampling, arXiv:2210.15191: p ≥ the cutoff, or the likeliest.
    private static void KeepFrom(Span<float> weights, double cutoff)
    {
        var least = cutoff * WeightFilter.Sum(weights);
        var greatest = System.Numerics.Tensors.TensorPrimitives.Max(weights);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = weights[i] < least && weights[i] < greatest ? 0 : weights[i];
        }
    }

    // −Σ p ln p
    private static double Entropy(ReadOnlySpan<float> weights, double total)
    {
        var entropy = 0.0;
        foreach (var weight in weights)
        {
            var p = weight / total;
            entropy -= p > 0 ? p * Math.Log(p) : 0;
        }

        return entropy;
    }
}
