namespace Hone.Data;

/// <summary>Decodes the compressed blocks of one Zstandard frame (RFC 8878, 3.1.1.3) behind what they may refer
/// to.</summary>
/// <param name="output">Where the decoded bytes go.</param>
internal sealed class ZstdBlock(ZstdWindow output)
{
    /// <summary>The most bytes that a block decodes to.</summary>
    public const int Largest = 128 * 1024;

    private readonly ZstdSequences _sequences = new();
    private readonly byte[] _literals = new byte[Largest];
    private LiteralCode? _code;

    /// <summary>Decodes a block.</summary>
    /// <exception cref="InvalidDataException">It contradicts itself.</exception>
    public void Decode(ReadOnlySpan<byte> bytes)
    {
        var (count, used) = ReadLiterals(bytes);
        var at = 0;
        var room = Largest;
        _sequences.Decode(bytes[used..], (literals, distance, length) =>
        {
            if (literals > count - at || literals + length > room)
            {
                throw new InvalidDataException("a block's commands reach beyond the block");
            }

            output.Append(_literals.AsSpan(at, literals));
            output.Repeat(distance, length);
            at += literals;
            room -= literals + length;
        });
        if (count - at > room)
        {
            throw new InvalidDataException("a block's commands reach beyond the block");
        }

        output.Append(_literals.AsSpan(at, count - at));
    }

    private (int Count, int Used) ReadLiterals(ReadOnlySpan<byte> bytes)
    {
        Check(0, 1, bytes.Length);
        var (type, format) = (bytes[0] & 3, (bytes[0] >> 2) & 3);
        return type < 2 ? Plain(bytes, type, format) : Coded(bytes, type, format);
    }

    private (int Count, int Used) Plain(ReadOnlySpan<byte> bytes, int type, int format)
    {
        var header = format switch { 1 => 2, 3 => 3, _ => 1 };
        Check(0, header, bytes.Length);
        var count = header switch
        {
            2 => (bytes[0] >> 4) + (bytes[1] << 4),
            3 => (bytes[0] >> 4) + (bytes[1] << 4) + (bytes[2] << 12),
            _ => bytes[0] >> 3,
        };
        Check(count, header + (type == 0 ? count : 1), bytes.Length);
        if (type == 0)
        {
            bytes.Slice(header, count).CopyTo(_literals);
            return (count, header + count);
        }

        _literals.AsSpan(0, count).Fill(bytes[header]);
        return (count, header + 1);
    }

    private (int Count, int Used) Coded(ReadOnlySpan<byte> bytes, int type, int format)
    {
        var width = format switch { 2 => 14, 3 => 18, _ => 10 };
        var header = (4 + (2 * width)) / 8;
        Check(0, header, bytes.Length);
        var value = 0UL;
        for (var i = header - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        var mask = (1UL << width) - 1;
        var (count, size) = ((int)((value >> 4) & mask), (int)((value >> (4 + width)) & mask));
        Check(count, header + size, bytes.Length);
        var coded = bytes.Slice(header, size);
        if (type == 2)
        {
            _code = LiteralCode.Read(coded, out var used);
            coded = coded[used..];
        }

        var code = _code ?? throw new InvalidDataException("a block repeats a table that there is not");
        if (format == 0)
        {
            code.Decode(coded, _literals.AsSpan(0, count));
        }
        else
        {
            DecodeFour(code, coded, count);
        }

        return (count, header + size);
    }

    private void DecodeFour(LiteralCode code, ReadOnlySpan<byte> coded, int count)
    {
        const int jumps = 6;
        var each = (count + 3) / 4;
        if (coded.Length < jumps || 3 * each > count)
        {
            throw new InvalidDataException("a block is cut off");
        }

        var streams = coded[jumps..];
        for (var i = 0; i < 4; i++)
        {
            var length = i == 3 ? streams.Length : coded[2 * i] | (coded[(2 * i) + 1] << 8);
            Check(0, length, streams.Length);
            code.Decode(streams[..length], _literals.AsSpan(i * each, i == 3 ? count - (3 * each) : each));
            streams = streams[length..];
        }
    }

    private static void Check(int count, int needed, int available)
    {
        if (count > Largest || needed > available)
        {
            throw new InvalidDataException("a block is cut off");
        }
    }
}
