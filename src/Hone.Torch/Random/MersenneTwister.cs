namespace Hone.Torch.Random;

/// <summary>The generator that PyTorch draws with on the CPU, for what a file names by a seed alone.</summary>
/// <remarks>
/// MT19937 of Matsumoto and Nishimura, "Mersenne twister", ACM TOMACS 8 (1998). It has a state, and nothing that is
/// trained here draws from it:
/// see <see cref="CounterRandom"/>.
/// </remarks>
public sealed class MersenneTwister
{
    private const int Size = 624;
    private const int Middle = 397;

    private readonly uint[] _state = new uint[Size];
    private int _next = Size;

    /// <summary>Begins the sequence of a seed.</summary>
    /// <param name="seed">The seed; its lower 32 bits count.</param>
    public MersenneTwister(ulong seed)
    {
        _state[0] = (uint)seed;
        for (var i = 1; i < Size; i++)
        {
            _state[i] = (1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + (uint)i;
        }
    }

    /// <summary>The next 32 random bits.</summary>
    public uint Next()
    {
        if (_next == Size)
        {
            Twist();
        }

        var y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >> 18);
    }

    /// <summary>The next number in [low, high), from 24 bits, as PyTorch's <c>uniform_</c> on float32.</summary>
    public float Uniform(double low, double high)
    {
        const float unit = 1.0f / (1 << 24);
        var (from, to) = ((float)low, (float)high);
        return ((Next() & ((1u << 24) - 1)) * unit * (to - from)) + from;
    }

    private void Twist()
    {
        for (var i = 0; i < Size; i++)
        {
            var y = (_state[i] & 0x80000000) | (_state[(i + 1) % Size] & 0x7FFFFFFF);
            _state[i] = _state[(i + Middle) % Size] ^ (y >> 1) ^ ((y & 1) * 0x9908B0DF);
        }

        _next = 0;
    }
}
