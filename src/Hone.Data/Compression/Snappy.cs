namespace Hone.Data;

/// <summary>Decodes raw Snappy blocks, as the format description of the snappy library has them.</summary>
internal static class Snappy
{
    /// <summary>The most bytes that one compressed byte can stand for: a copy of 64 bytes takes 3, a short one of 11
    /// takes 2.</summary>
    private const int LargestRatio = 32;

    /// <summary>Decodes a block.</summary>
    /// <exception cref="InvalidDataException">It contradicts itself.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> source)
    {
        var length = ReadLength(ref source);
        if (length > (LargestRatio * (long)source.Length))
        {
            throw new InvalidDataException("the Snappy data are shorter than their length asks for");
        }

        var target = new byte[length];
        var end = 0;
        while (source.Length > 0)
        {
            var tag = source[0];
            source = source[1..];
            end += (tag & 3) == 0 ? Literal(tag, ref source, target.AsSpan(end)) : Copy(tag, ref source, target, end);
        }

        return end == length
            ? target
            : throw new InvalidDataException("the Snappy data have another length than they say");
    }

    private static int ReadLength(ref ReadOnlySpan<byte> source)
    {
        var length = 0UL;
        for (var i = 0; i < 5 && i < source.Length; i++)
        {
            length |= (ulong)(source[i] & 127) << (7 * i);
            if (source[i] < 128)
            {
                source = source[(i + 1)..];
                return length <= int.MaxValue ? (int)length : throw Damaged();
            }
        }

        throw Damaged();
    }

    private static int Literal(int tag, ref ReadOnlySpan<byte> source, Span<byte> target)
    {
        var length = tag >> 2;
        if (length >= 60)
        {
            length = (int)Math.Min(int.MaxValue - 1, Number(ref source, length - 59));
        }

        length++;
        if (length > source.Length || length > target.Length)
        {
            throw Damaged();
        }

        source[..length].CopyTo(target);
        source = source[length..];
        return length;
    }

    private static int Copy(int tag, ref ReadOnlySpan<byte> source, byte[] target, int end)
    {
        var (length, distance) = (tag & 3) switch
        {
            1 => (4 + ((tag >> 2) & 7), ((long)(tag >> 5) << 8) + Number(ref source, 1)),
            2 => (1 + (tag >> 2), Number(ref source, 2)),
            _ => (1 + (tag >> 2), Number(ref source, 4)),
        };
        Matches.Repeat(target, end, distance, length);
        return length;
    }

    private static long Number(ref ReadOnlySpan<byte> source, int bytes)
    {
        if (bytes > source.Length)
        {
            throw Damaged();
        }

        var number = 0L;
        for (var i = bytes - 1; i >= 0; i--)
        {
            number = (number << 8) | source[i];
        }

        source = source[bytes..];
        return number;
    }

    private static InvalidDataException Damaged() => new("the Snappy data are damaged");
}
