namespace Hone.Models.Configuration;

/// <summary>Angles that rotary positions turn by.</summary>
public static class RotaryFrequencies
{
    /// <summary>
    /// Whether the angles depend on how long the sequence is, so that tables cannot be shared between lengths.
    /// </summary>
    /// <param name="rotary">The rotation.</param>
    public static bool DependOnLength(RotaryConfig rotary) => rotary.Scaling is RopeScaling.Dynamic or RopeScaling.Long;

    /// <summary>Factor of cosine and sine.</summary>
    /// <param name="rotary">The rotation.</param>
    public static double Amplitude(RotaryConfig rotary) => rotary.Scaling switch
    {
        RopeScaling.Yarn yarn => yarn.Amplitude,
        RopeScaling.Long longRope => longRope.Amplitude,
        _ => 1,
    };

    /// <summary>Angle per position of each pair, <c>[dim/2]</c>.</summary>
    /// <param name="rotary">The rotation.</param>
    /// <param name="length">Tokens of the sequence; matters only where <see cref="DependOnLength"/>.</param>
    public static double[] Compute(RotaryConfig rotary, int length)
    {
        var pairs = rotary.Dimensions / 2;
        var frequencies = new double[pairs];
        var theta = rotary.Scaling is RopeScaling.Dynamic dynamic ? GrownTheta(rotary, dynamic, length) : rotary.Theta;

        // fⱼ = θ^(−2j/d)
        for (var j = 0; j < pairs; j++)
        {
            frequencies[j] = Math.Pow(theta, -2.0 * j / rotary.Dimensions);
        }

        switch (rotary.Scaling)
        {
            case RopeScaling.Linear linear:
                Divide(frequencies, _ => linear.Factor);
                break;
            case RopeScaling.Llama3 llama3:
                Blend(frequencies, llama3.Factor, j => Kept(llama3, frequencies[j]));
                break;
            case RopeScaling.Yarn yarn:
                Blend(frequencies, yarn.Factor, Ramp(rotary, yarn));
                break;
            case RopeScaling.Long longRope:
                var divisors = length > longRope.OriginalPositions ? longRope.LongDivisors : longRope.ShortDivisors;
                Divide(frequencies, j => divisors[j]);
                break;
        }

        return frequencies;
    }

    // θ' = θ · (s·n/n₀ − (s − 1))^(d/(d−2)), n = max(length, n₀)
    private static double GrownTheta(RotaryConfig rotary, RopeScaling.Dynamic dynamic, int length)
    {
        double original = dynamic.OriginalPositions;
        var longest = Math.Max(length, original);
        var growth = (dynamic.Factor * longest / original) - (dynamic.Factor - 1);
        return rotary.Theta * Math.Pow(growth, rotary.Dimensions / (rotary.Dimensions - 2.0));
    }

    private static void Divide(double[] frequencies, Func<int, double> divisor)
    {
        for (var j = 0; j < frequencies.Length; j++)
        {
            frequencies[j] /= divisor(j);
        }
    }

    // f' = (1 − k)·f/s + k·f
    private static void Blend(double[] frequencies, double factor, Func<int, double> kept)
    {
        for (var j = 0; j < frequencies.Length; j++)
        {
            var share = kept(j);
            frequencies[j] *= ((1 - share) / factor) + share;
        }
    }

    // k = clamp((n₀/λ − low) / (high − low), 0, 1), λ = 2π/f
    private static double Kept(RopeScaling.Llama3 scaling, double frequency)
    {
        var turns = scaling.OriginalPositions * frequency / (2 * Math.PI);
        return Math.Clamp(
            (turns - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor), 0, 1);
    }

    // The pair that turns β times within the trained context: d·ln(n₀/(2πβ)) / (2 ln θ). Kept below that of β fast,
    // divided above that of β slow.
    private static Func<int, double> Ramp(RotaryConfig rotary, RopeScaling.Yarn yarn)
    {
        double PairOf(double turns) =>
            rotary.Dimensions * Math.Log(yarn.OriginalPositions / (turns * 2 * Math.PI)) / (2 * Math.Log(rotary.Theta));

        var (low, high) = (PairOf(yarn.BetaFast), PairOf(yarn.BetaSlow));
        if (yarn.WholeDimensions)
        {
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        }

        (low, high) = (Math.Max(low, 0), Math.Min(high, rotary.Dimensions - 1));
        var width = high == low ? 0.001 : high - low;
        return j => 1 - Math.Clamp((j - low) / width, 0, 1);
    }
}
