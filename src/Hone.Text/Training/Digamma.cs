namespace Hone.Text.Training;

/// <summary>The derivative of the logarithm of the gamma function.</summary>
internal static class Digamma
{
    private const double Enough = 7;

    /// <summary>ψ(x) for x above 0.</summary>
    /// <remarks>ψ(x) = ψ(x + 1) − 1/x, and for large x, with y = x − ½: ln y + 1/(24 y²) − 7/(960 y⁴) + 31/(8064 y⁶) −
    /// 127/(30720 y⁸).</remarks>
    public static double Of(double x)
    {
        var sum = 0.0;
        for (; x < Enough; x++)
        {
            sum -= 1 / x;
        }

        var y = x - 0.5;
        var square = 1 / (y * y);
        var fourth = square * square;
        return sum + Math.Log(y) + (square / 24) - (7.0 / 960 * fourth) + (31.0 / 8064 * fourth * square)
            - (127.0 / 30720 * fourth * fourth);
    }
}
