using System.Numerics;

namespace Hone.Data;

/// <summary>A decoding table of finite state entropy (RFC 8878, 4.1): each state stands for a symbol and says how to
/// get to the next.</summary>
internal sealed class FseTable
{
    private readonly byte[] _symbols;
    private readonly byte[] _bits;
    private readonly ushort[] _starts;

    /// <summary>A table of one state, for a symbol that never changes.</summary>
    public FseTable(byte symbol)
    {
        (_symbols, _bits, _starts) = ([symbol], [0], [0]);
    }

    /// <summary>Builds the table from normalised counts, −1 for symbols that are rarer than one state.</summary>
    public FseTable(ReadOnlySpan<short> counts, int accuracy)
    {
        Accuracy = accuracy;
        var size = 1 << accuracy;
        (_symbols, _bits, _starts) = (new byte[size], new byte[size], new ushort[size]);
        var next = new int[counts.Length];
        var high = size;
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            next[symbol] = Math.Abs(counts[symbol]);
            if (counts[symbol] == -1)
            {
                _symbols[--high] = (byte)symbol;
            }
        }

        Spread(counts, size, high);
        for (var state = 0; state < size; state++)
        {
            var number = next[_symbols[state]]++;
            _bits[state] = (byte)(accuracy - BitOperations.Log2((uint)number));
            _starts[state] = (ushort)((number << _bits[state]) - size);
        }
    }

    /// <summary>Bits of the first state.</summary>
    public int Accuracy { get; }

    /// <summary>The symbol of a state.</summary>
    public byte Symbol(uint state) => _symbols[state];

    /// <summary>The state that follows.</summary>
    public uint Next(uint state, ref BackwardBits bits) => _starts[state] + bits.Read(_bits[state]);

    /// <summary>Reads a table's description.</summary>
    /// <param name="bytes">Begins with it.</param>
    /// <param name="largestSymbol">The largest symbol there may be.</param>
    /// <param name="largestAccuracy">The largest accuracy there may be.</param>
    /// <param name="used">Bytes that it takes.</param>
    /// <exception cref="InvalidDataException">It contradicts itself.</exception>
    public static FseTable Read(ReadOnlySpan<byte> bytes, int largestSymbol, int largestAccuracy, out int used)
    {
        var bits = new ForwardBits(bytes);
        var accuracy = 5 + (int)bits.Read(4);
        if (accuracy > largestAccuracy)
        {
            throw new InvalidDataException("an entropy table is too large");
        }

        Span<short> counts = stackalloc short[256];
        var symbol = 0;
        for (var left = 1 << accuracy; left > 0;)
        {
            if (symbol > largestSymbol)
            {
                throw new InvalidDataException("an entropy table has too many symbols");
            }

            var count = ReadCount(ref bits, left);
            counts[symbol++] = (short)count;
            left -= Math.Abs(count);
            if (left < 0)
            {
                throw new InvalidDataException("an entropy table has more states than fit");
            }

            for (var zeros = count == 0 ? 3 : 0; zeros == 3;)
            {
                zeros = (int)bits.Read(2);
                symbol += zeros;
                if (symbol > largestSymbol + 1)
                {
                    throw new InvalidDataException("an entropy table has too many symbols");
                }
            }
        }

        used = bits.Used;
        return new FseTable(counts[..symbol], accuracy);
    }

    /// <summary>A count takes one bit less where the smaller values suffice (RFC 8878, 4.1.1).</summary>
    private static int ReadCount(ref ForwardBits bits, int left)
    {
        var width = BitOperations.Log2((uint)left + 1) + 1;
        var value = (int)bits.Peek(width);
        var mask = (1 << (width - 1)) - 1;
        var spare = (1 << width) - 1 - (left + 1);
        if ((value & mask) < spare)
        {
            bits.Read(width - 1);
            return (value & mask) - 1;
        }

        bits.Read(width);
        return (value > mask ? value - spare : value) - 1;
    }

    private void Spread(ReadOnlySpan<short> counts, int size, int high)
    {
        var step = (size >> 1) + (size >> 3) + 3;
        var position = 0;
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            for (var i = 0; i < counts[symbol]; i++)
            {
                _symbols[position] = (byte)symbol;
                do
                {
                    position = (position + step) & (size - 1);
                }
                while (position >= high);
            }
        }
    }
}
