using System.Numerics;

namespace Hone.Data;

/// <summary>The Huffman code of a Zstandard block's literals (RFC 8878, 4.2).</summary>
internal sealed class LiteralCode
{
    private const int MaxBits = 11;

    private readonly int _bits;
    private readonly byte[] _symbols;
    private readonly byte[] _lengths;

    private LiteralCode(ReadOnlySpan<byte> weights)
    {
        var sum = 0;
        foreach (var weight in weights)
        {
            sum += weight > 0 ? 1 << (weight - 1) : 0;
        }

        _bits = sum == 0 ? 0 : BitOperations.Log2((uint)sum) + 1;
        var left = (1 << _bits) - sum;
        if (_bits is 0 or > MaxBits || !BitOperations.IsPow2(left))
        {
            throw new InvalidDataException("a Huffman code is not complete");
        }

        // the last symbol's weight is what is left
        Span<byte> all = [.. weights, (byte)(BitOperations.Log2((uint)left) + 1)];
        (_symbols, _lengths) = (new byte[1 << _bits], new byte[1 << _bits]);
        var position = 0;
        for (var weight = 1; weight <= _bits; weight++)
        {
            for (var symbol = 0; symbol < all.Length; symbol++)
            {
                if (all[symbol] == weight)
                {
                    _symbols.AsSpan(position, 1 << (weight - 1)).Fill((byte)symbol);
                    _lengths.AsSpan(position, 1 << (weight - 1)).Fill((byte)(_bits + 1 - weight));
                    position += 1 << (weight - 1);
                }
            }
        }
    }

    /// <summary>Reads a code's description.</summary>
    /// <exception cref="InvalidDataException">It contradicts itself.</exception>
    public static LiteralCode Read(ReadOnlySpan<byte> bytes, out int used)
    {
        var header = bytes.Length > 0 ? bytes[0] : throw new InvalidDataException("a Huffman code is cut off");
        Span<byte> weights = stackalloc byte[256];
        int count;
        if (header < 128)
        {
            used = 1 + header;
            count = ReadCoded(Part(bytes, 1, header), weights);
        }
        else
        {
            count = header - 127;
            used = 1 + ((count + 1) / 2);
            var packed = Part(bytes, 1, used - 1);
            for (var i = 0; i < count; i++)
            {
                weights[i] = (byte)(i % 2 == 0 ? packed[i / 2] >> 4 : packed[i / 2] & 15);
            }
        }

        return new LiteralCode(weights[..count]);
    }

    /// <summary>Decodes one stream, which must give exactly <paramref name="target"/>.</summary>
    /// <exception cref="InvalidDataException">It gives more or less.</exception>
    public void Decode(ReadOnlySpan<byte> stream, Span<byte> target)
    {
        var bits = new BackwardBits(stream);
        for (var i = 0; i < target.Length; i++)
        {
            var index = bits.Peek(_bits);
            target[i] = _symbols[index];
            bits.Skip(_lengths[index]);
        }

        if (bits.Left != 0)
        {
            throw new InvalidDataException("a literal stream has another length than it says");
        }
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> bytes, int start, int length) =>
        start + length <= bytes.Length
        ? bytes.Slice(start, length)
        : throw new InvalidDataException("a Huffman code is cut off");

    /// <summary>Two states take turns; when the bits run out the other one's symbol is the last.</summary>
    private static int ReadCoded(ReadOnlySpan<byte> bytes, Span<byte> weights)
    {
        var table = FseTable.Read(bytes, largestSymbol: MaxBits + 1, largestAccuracy: 6, out var used);
        var bits = new BackwardBits(bytes[used..]);
        var state = bits.Read(table.Accuracy);
        var other = bits.Read(table.Accuracy);
        var count = 0;
        while (count < 254)
        {
            weights[count++] = table.Symbol(state);
            state = table.Next(state, ref bits);
            if (bits.Left < 0)
            {
                weights[count++] = table.Symbol(other);
                return count;
            }

            (state, other) = (other, state);
        }

        throw new InvalidDataException("a Huffman code has too many symbols");
    }
}
