using System.Runtime.CompilerServices;

namespace Hone.Torch.Random;

/// <summary>
/// Random numbers that have an address: a draw is a function of (seed, purpose, four coordinates) and of nothing else.
/// </summary>
/// <remarks>
/// Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. The order of
/// draws, the batch and the number of workers cannot change what is drawn; there is no state to save.
/// </remarks>
/// <param name="Seed">The run's seed.</param>
/// <param name="Purpose">What the stream is for, so that two uses of one seed share no draw.</param>
public readonly record struct CounterRandom(ulong Seed, RandomPurpose Purpose)
{
    private const int Rounds = 10;

    /// <summary>128 random bits at an address.</summary>
    /// <param name="a">The first coordinate, such as the step; 32 bits.</param>
    /// <param name="b">The second, such as the prompt; 32 bits.</param>
    /// <param name="c">The third, such as the sample; 32 bits.</param>
    /// <param name="d">The fourth, such as the token's position; 32 bits.</param>
    public (uint X, uint Y, uint Z, uint W) Bits(uint a, uint b = 0, uint c = 0, uint d = 0)
    {
        var (key0, key1) = Key();
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = 0xD2511F53UL * a;
            var product1 = 0xCD9E8D57UL * c;
            (a, b, c, d) = (
                (uint)(product1 >> 32) ^ b ^ key0,
                (uint)product1,
                (uint)(product0 >> 32) ^ d ^ key1,
                (uint)product0);
            key0 += 0x9E3779B9;
            key1 += 0xBB67AE85;
        }

        return (a, b, c, d);
    }

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Uniform(uint a, uint b = 0, uint c = 0, uint d = 0)
    {
        var (x, y, _, _) = Bits(a, b, c, d);
        return ((((ulong)x << 32) | y) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>
    /// Fills with draws of the normal distribution of mean 0: element i has the address (stream, i / 4).
    /// </summary>
    /// <param name="values">What to fill.</param>
    /// <param name="stream">The first coordinate, such as the index of a weight matrix.</param>
    /// <param name="deviation">The standard deviation.</param>
    public void Normal(Span<float> values, uint stream, double deviation = 1)
    {
        Span<double> four = stackalloc double[4];
        for (var i = 0; i < values.Length; i += 4)
        {
            var (x, y, z, w) = Bits(stream, (uint)(i / 4));
            (four[0], four[1]) = BoxMuller(x, y);
            (four[2], four[3]) = BoxMuller(z, w);
            for (var j = 0; j < 4 && i + j < values.Length; j++)
            {
                values[i + j] = (float)(four[j] * deviation);
            }
        }
    }

    private static (double First, double Second) BoxMuller(uint x, uint y)
    {
        var radius = Math.Sqrt(-2 * Math.Log((x + 0.5) * (1.0 / 4294967296)));
        var (sine, cosine) = Math.SinCos(y * (2 * Math.PI / 4294967296));
        return (radius * cosine, radius * sine);
    }

    private (uint Low, uint High) Key()
    {
        // A purpose moves the key by an odd multiple (splitmix64's), so that neighbouring seeds and purposes do not
        // meet.
        var mixed = Seed + ((ulong)Purpose * 0x9E3779B97F4A7C15);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        return ((uint)mixed, (uint)(mixed >> 32));
    }
}
