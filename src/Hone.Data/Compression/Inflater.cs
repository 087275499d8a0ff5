namespace Hone.Data;

/// <summary>Decodes DEFLATE (RFC 1951) in steps, and stops exactly where the data end, which the framework's own
/// stream does not tell.</summary>
internal sealed class Inflater(BitSource bits)
{
    private const int Window = 32 * 1024;
    private const int LongestMatch = 258;

    private static readonly ushort[] LengthStarts =
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
            227, 258];

    private static readonly byte[] LengthBits =
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private static readonly ushort[] DistanceStarts =
        [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
            4097, 6145, 8193, 12289, 16385, 24577];

    private static readonly byte[] CodeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private static readonly HuffmanCode FixedLiterals = new(
        [.. Enumerable.Range(0, 288).Select(i => (byte)(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))]);

    private static readonly HuffmanCode FixedDistances = new([.. Enumerable.Repeat((byte)5, 30)]);

    private readonly byte[] _output = new byte[3 * Window];
    private int _length;
    private int _storedLeft;
    private bool _lastBlock;
    private HuffmanCode? _literals;
    private HuffmanCode? _distances;

    /// <summary>Whether the last block has ended.</summary>
    public bool Finished { get; private set; }

    /// <summary>Decodes on. What it returns holds until the next call; empty only when
    /// <see cref="Finished"/>.</summary>
    /// <exception cref="EndOfStreamException">The data end early.</exception>
    /// <exception cref="InvalidDataException">The data are not DEFLATE; the message says what is wrong.</exception>
    public ReadOnlyMemory<byte> Next()
    {
        SlideWindow();
        var start = _length;
        while (!Finished && _length <= _output.Length - LongestMatch)
        {
            if (_storedLeft > 0)
            {
                CopyStored();
            }
            else if (_literals is not null)
            {
                DecodeSymbols(_literals, _distances!);
            }
            else if (_lastBlock)
            {
                Finished = true;
            }
            else
            {
                BeginBlock();
            }
        }

        return _output.AsMemory(start, _length - start);
    }

    private void SlideWindow()
    {
        if (_length > Window)
        {
            _output.AsSpan(_length - Window, Window).CopyTo(_output);
            _length = Window;
        }
    }

    private uint Take(int count)
    {
        if (!bits.Ensure(count))
        {
            throw new EndOfStreamException();
        }

        var value = bits.Peek(count);
        bits.Skip(count);
        return value;
    }

    private void BeginBlock()
    {
        _lastBlock = Take(1) == 1;
        switch (Take(2))
        {
            case 0:
                bits.Align();
                var length = Take(16);
                if (length != (Take(16) ^ 0xFFFF))
                {
                    throw new InvalidDataException("the length of a stored block contradicts its complement");
                }

                _storedLeft = (int)length;
                break;
            case 1:
                (_literals, _distances) = (FixedLiterals, FixedDistances);
                break;
            case 2:
                ReadCodes();
                break;
            default:
                throw new InvalidDataException("a block is of no known kind");
        }
    }

    private void ReadCodes()
    {
        var literals = (int)Take(5) + 257;
        var distances = (int)Take(5) + 1;
        var count = (int)Take(4) + 4;
        Span<byte> lengths = stackalloc byte[320];
        for (var i = 0; i < count; i++)
        {
            lengths[CodeLengthOrder[i]] = (byte)Take(3);
        }

        var code = new HuffmanCode(lengths[..19]);
        lengths.Clear();
        for (var i = 0; i < literals + distances;)
        {
            var symbol = code.Read(bits);
            var (value, repeat) = symbol switch
            {
                < 16 => ((byte)symbol, 1),
                16 when i > 0 => (lengths[i - 1], 3 + (int)Take(2)),
                17 => ((byte)0, 3 + (int)Take(3)),
                18 => ((byte)0, 11 + (int)Take(7)),
                _ => throw new InvalidDataException("a code length repeats nothing"),
            };
            if (i + repeat > literals + distances)
            {
                throw new InvalidDataException("there are more code lengths than symbols");
            }

            lengths.Slice(i, repeat).Fill(value);
            i += repeat;
        }

        _literals = new HuffmanCode(lengths[..literals]);
        _distances = new HuffmanCode(lengths.Slice(literals, distances));
    }

    private void CopyStored()
    {
        var count = Math.Min(_storedLeft, _output.Length - _length);
        for (var i = 0; i < count; i++)
        {
            _output[_length++] = (byte)Take(8);
        }

        _storedLeft -= count;
    }

    private void DecodeSymbols(HuffmanCode literals, HuffmanCode distances)
    {
        while (_length <= _output.Length - LongestMatch)
        {
            var symbol = literals.Read(bits);
            if (symbol < 256)
            {
                _output[_length++] = (byte)symbol;
            }
            else if (symbol == 256)
            {
                (_literals, _distances) = (null, null);
                return;
            }
            else
            {
                CopyMatch(symbol - 257, distances);
            }
        }
    }

    private void CopyMatch(int lengthSymbol, HuffmanCode distances)
    {
        if (lengthSymbol >= LengthStarts.Length)
        {
            throw new InvalidDataException("a match has no known length");
        }

        var length = LengthStarts[lengthSymbol] + (int)Take(LengthBits[lengthSymbol]);
        var symbol = distances.Read(bits);
        if (symbol >= DistanceStarts.Length)
        {
            throw new InvalidDataException("a match has no known distance");
        }

        var distance = DistanceStarts[symbol] + (int)Take(Math.Max(0, (symbol >> 1) - 1));
        if (distance > _length)
        {
            throw new InvalidDataException("a match reaches back before the start");
        }

        if (distance >= length)
        {
            _output.AsSpan(_length - distance, length).CopyTo(_output.AsSpan(_length));
            _length += length;
            return;
        }

        for (var end = _length + length; _length < end; _length++)
        {
            _output[_length] = _output[_length - distance];
        }
    }
}
