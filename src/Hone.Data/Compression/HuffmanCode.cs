namespace Hone.Data;

/// <summary>A canonical Huffman code of DEFLATE (RFC 1951, 3.2.2): short codes by one table look-up, long ones by
/// length.</summary>
internal sealed class HuffmanCode
{
    private const int MaxLength = 15;
    private const int TableBits = 10;

    /// <summary>By the next ten bits: symbol · 16 + length; 0 for codes that are longer or not assigned.</summary>
    private readonly ushort[] _table = new ushort[1 << TableBits];
    private readonly ushort[] _symbols;
    private readonly int[] _counts = new int[MaxLength + 1];

    /// <summary>Builds the code from the length of each symbol's word, 0 for symbols that do not occur.</summary>
    /// <exception cref="InvalidDataException">More words than the lengths leave room for.</exception>
    public HuffmanCode(ReadOnlySpan<byte> lengths)
    {
        foreach (var length in lengths)
        {
            _counts[length]++;
        }

        _counts[0] = 0;
        Span<int> offsets = stackalloc int[MaxLength + 2];
        Span<int> firstCodes = stackalloc int[MaxLength + 2];
        for (var length = 1; length <= MaxLength; length++)
        {
            offsets[length + 1] = offsets[length] + _counts[length];
            firstCodes[length + 1] = (firstCodes[length] + _counts[length]) << 1;
            if (firstCodes[length] + _counts[length] > 1 << length)
            {
                throw new InvalidDataException("a Huffman code has more words than fit");
            }
        }

        _symbols = new ushort[offsets[MaxLength + 1]];
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            var length = lengths[symbol];
            if (length > 0)
            {
                _symbols[offsets[length]++] = (ushort)symbol;
                FillTable(symbol, length, firstCodes[length]++);
            }
        }
    }

    /// <summary>Takes the next word and returns its symbol.</summary>
    /// <exception cref="InvalidDataException">The bits are no word of this code, or the data end.</exception>
    public int Read(BitSource bits)
    {
        bits.Ensure(MaxLength);
        var entry = _table[bits.Peek(TableBits)];
        if (entry == 0)
        {
            return ReadLong(bits);
        }

        Take(bits, entry & 15);
        return entry >> 4;
    }

    private static void Take(BitSource bits, int length)
    {
        if (length > bits.Available)
        {
            throw new EndOfStreamException();
        }

        bits.Skip(length);
    }

    private void FillTable(int symbol, int length, int code)
    {
        if (length > TableBits)
        {
            return;
        }

        var reversed = 0;
        for (var bit = 0; bit < length; bit++)
        {
            reversed |= ((code >> bit) & 1) << (length - 1 - bit);
        }

        for (var index = reversed; index < _table.Length; index += 1 << length)
        {
            _table[index] = (ushort)((symbol << 4) | length);
        }
    }

    private int ReadLong(BitSource bits)
    {
        var word = bits.Peek(MaxLength);
        int code = 0, first = 0, index = 0;
        for (var length = 1; length <= MaxLength; length++)
        {
            code |= (int)(word & 1);
            word >>= 1;
            if (code - first < _counts[length])
            {
                Take(bits, length);
                return _symbols[index + code - first];
            }

            index += _counts[length];
            first = (first + _counts[length]) << 1;
            code <<= 1;
        }

        throw bits.Available < MaxLength
            ? new EndOfStreamException()
            : new InvalidDataException("a Huffman word is not assigned");
    }
}
