namespace Hone.Data;

/// <summary>Decodes raw LZ4 blocks, as "LZ4 Block Format Description" of the lz4 library has them.</summary>
internal static class Lz4Block
{
    /// <summary>The most bytes that one compressed byte can stand for.</summary>
    private const int LargestRatio = 255;

    /// <summary>Decodes a block into a buffer behind what it holds already, and returns where the data then
    /// end.</summary>
    /// <param name="source">The block.</param>
    /// <param name="target">The buffer; matches may reach back to its start.</param>
    /// <param name="end">Where its data end.</param>
    /// <exception cref="InvalidDataException">It contradicts itself, or does not fit.</exception>
    public static int Decompress(ReadOnlySpan<byte> source, byte[] target, int end)
    {
        while (source.Length > 0)
        {
            var token = source[0];
            source = source[1..];
            var literals = Length(ref source, token >> 4);
            if (literals > source.Length || literals > target.Length - end)
            {
                throw Damaged();
            }

            source[..literals].CopyTo(target.AsSpan(end));
            end += literals;
            source = source[literals..];
            if (source.IsEmpty)
            {
                return end;
            }

            if (source.Length < 2)
            {
                throw Damaged();
            }

            var distance = source[0] | (source[1] << 8);
            source = source[2..];
            var length = Length(ref source, token & 15) + 4;
            Matches.Repeat(target, end, distance, length);
            end += length;
        }

        throw Damaged();
    }

    /// <summary>Decodes a block whose length is known.</summary>
    /// <exception cref="InvalidDataException">It contradicts itself, or has another length.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> source, int length)
    {
        if (length > LargestRatio * (source.Length + 16L))
        {
            throw new InvalidDataException("the LZ4 data are shorter than their length asks for");
        }

        var target = new byte[length];
        return Decompress(source, target, 0) == length
            ? target
            : throw new InvalidDataException("the LZ4 data have another length than they say");
    }

    private static int Length(ref ReadOnlySpan<byte> source, int start)
    {
        var length = start;
        for (var more = start == 15; more;)
        {
            if (source.IsEmpty || length > int.MaxValue - 600)
            {
                throw Damaged();
            }

            length += source[0];
            more = source[0] == 255;
            source = source[1..];
        }

        return length;
    }

    private static InvalidDataException Damaged() => new("the LZ4 data are damaged");
}
