using Hone.Torch;
using Hone.Torch.Random;

namespace Hone.Models.Adapters.Building;

/// <summary>The draws of one tensor of a fresh adapter: they depend on the seed, the tensor's place in the adapter and
/// nothing else.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Place">The tensor's place.</param>
internal readonly record struct FreshDraws(ulong Seed, uint Place)
{
    private CounterRandom Random => new(Seed, RandomPurpose.Adapters);

    /// <summary>Normal draws.</summary>
    public Tensor Normal(long[] shape, double deviation, double mean = 0)
    {
        var values = new float[Count(shape)];
        Random.Normal(values, Place, deviation);
        var drawn = Tensor.From<float>(values, shape);
        return mean == 0 ? drawn : drawn + mean;
    }

    /// <summary>Normal draws within two deviations: one that lies outside is drawn again.</summary>
    public Tensor TruncatedNormal(long[] shape, double deviation)
    {
        const int attempts = 64;
        var values = new float[Count(shape)];
        Span<float> tries = stackalloc float[attempts];
        for (var i = 0; i < values.Length; i++)
        {
            var random = new CounterRandom(Seed + (ulong)i, RandomPurpose.Adapters);
            random.Normal(tries, Place);
            foreach (var value in tries)
            {
                if (Math.Abs(value) <= 2)
                {
                    values[i] = (float)(value * deviation);
                    break;
                }
            }
        }

        return Tensor.From<float>(values, shape);
    }

    /// <summary>Uniform draws in ±<paramref name="bound"/>.</summary>
    public Tensor Uniform(long[] shape, double bound)
    {
        var values = new float[Count(shape)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(((2 * Random.Uniform(Place, (uint)i)) - 1) * bound);
        }

        return Tensor.From<float>(values, shape);
    }

    /// <summary>Uniform draws in ±1/√in of a matrix <c>[out, in]</c>.</summary>
    /// <remarks>He et al., arXiv:1502.01852, with the slope √5 that linear layers begin with: √(2/(1 + 5))·√(3/in) =
    /// 1/√in.</remarks>
    public Tensor KaimingUniform(long[] shape) => Uniform(shape, 1 / Math.Sqrt(shape[1]));

    /// <summary>Numbers from 0 to, not including, <paramref name="end"/>.</summary>
    public long[] Integers(int count, long end)
    {
        var (random, place) = (Random, Place);
        return [.. Enumerable.Range(0, count).Select(i => (long)(random.Uniform(place, (uint)i) * end))];
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, (count, size) => count * size);
}
