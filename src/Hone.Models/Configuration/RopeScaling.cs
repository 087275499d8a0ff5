namespace Hone.Models.Configuration;

/// <summary>How rotary frequencies are changed for contexts longer than the trained one.</summary>
public abstract record RopeScaling
{
    private RopeScaling()
    {
    }

    /// <summary>They are not.</summary>
    public sealed record None : RopeScaling;

    /// <summary>
    /// All frequencies are divided by <paramref name="Factor"/>: position interpolation, arXiv:2306.15595.
    /// </summary>
    /// <param name="Factor">How much longer the context is.</param>
    public sealed record Linear(double Factor) : RopeScaling;

    /// <summary>The base grows with the length of the sequence ("dynamic NTK").</summary>
    /// <param name="Factor">How much longer the context may get.</param>
    /// <param name="OriginalPositions">The length from which on the base grows.</param>
    public sealed record Dynamic(double Factor, int OriginalPositions) : RopeScaling;

    /// <summary>
    /// Long wavelengths are divided, short ones kept, those between blended, as in Llama 3.1 (arXiv:2407.21783).
    /// </summary>
    /// <param name="Factor">What low frequencies are divided by.</param>
    /// <param name="LowFrequencyFactor">Wavelengths above OriginalPositions / this are divided.</param>
    /// <param name="HighFrequencyFactor">Wavelengths below OriginalPositions / this are kept.</param>
    /// <param name="OriginalPositions">The trained context.</param>
    public sealed record Llama3(
        double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalPositions) : RopeScaling;

    /// <summary>
    /// YaRN, arXiv:2309.00071: a ramp between kept and divided frequencies, and a factor on cosine and sine.
    /// </summary>
    /// <param name="Factor">How much longer the context is.</param>
    /// <param name="OriginalPositions">The trained context.</param>
    /// <param name="BetaFast">Rotations within the trained context above which a frequency is kept.</param>
    /// <param name="BetaSlow">Rotations below which it is divided.</param>
    /// <param name="Amplitude">Factor of cosine and sine.</param>
    /// <param name="ScoreMagnitude">μ of the factor (0.1·μ·ln Factor + 1)² that some families put on scores; 0 for
    /// none.</param>
    /// <param name="WholeDimensions">Whether the ramp's ends are rounded outwards to whole dimensions.</param>
    public sealed record Yarn(
        double Factor, int OriginalPositions, double BetaFast, double BetaSlow, double Amplitude,
        double ScoreMagnitude = 0, bool WholeDimensions = true)
        : RopeScaling;

    /// <summary>LongRoPE, arXiv:2402.13753: each frequency has a divisor of its own, one set for short and one for long
    /// sequences.</summary>
    /// <param name="ShortDivisors">Divisors of sequences up to <paramref name="OriginalPositions"/>.</param>
    /// <param name="LongDivisors">Divisors of longer ones.</param>
    /// <param name="OriginalPositions">The trained context.</param>
    /// <param name="Amplitude">Factor of cosine and sine.</param>
    public sealed record Long(
        ValueList<double> ShortDivisors, ValueList<double> LongDivisors, int OriginalPositions, double Amplitude)
        : RopeScaling;
}
