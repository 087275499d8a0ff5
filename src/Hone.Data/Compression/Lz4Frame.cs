using System.Buffers.Binary;

namespace Hone.Data;

/// <summary>Decodes LZ4 frames, as "LZ4 Frame Format Description" of the lz4 library has them. Checksums are passed
/// over.</summary>
internal static class Lz4Frame
{
    private const uint Magic = 0x184D2204;

    /// <summary>Decodes one frame whose length is known.</summary>
    /// <exception cref="InvalidDataException">It contradicts itself, or has another length.</exception>
    public static byte[] Decompress(ReadOnlySpan<byte> source, int length)
    {
        if (length > 255L * (source.Length + 16L))
        {
            throw new InvalidDataException("the LZ4 data are shorter than their length asks for");
        }

        var rest = source;
        if (Number(ref rest) != Magic || rest.Length < 3 || rest[0] >> 6 != 1)
        {
            throw new InvalidDataException("these are not LZ4 data");
        }

        var flags = rest[0];
        var (blockChecksums, contentSize, dictionary) = ((flags & 16) != 0, (flags & 8) != 0, (flags & 1) != 0);
        Skip(ref rest, 3 + (contentSize ? 8 : 0) + (dictionary ? 4 : 0));
        var target = new byte[length];
        var end = 0;
        for (var header = Number(ref rest); header != 0; header = Number(ref rest))
        {
            var size = header & 0x7FFFFFFF;
            if (size > (uint)rest.Length)
            {
                throw new InvalidDataException("the LZ4 data end early");
            }

            var block = rest[..(int)size];
            if ((header & 0x80000000) == 0)
            {
                end = Lz4Block.Decompress(block, target, end);
            }
            else if (block.TryCopyTo(target.AsSpan(end)))
            {
                end += block.Length;
            }
            else
            {
                throw new InvalidDataException("the LZ4 data have another length than they say");
            }

            Skip(ref rest, (int)size + (blockChecksums ? 4 : 0));
        }

        return end == length
            ? target
            : throw new InvalidDataException("the LZ4 data have another length than they say");
    }

    private static uint Number(ref ReadOnlySpan<byte> source)
    {
        var value = source.Length >= 4
            ? BinaryPrimitives.ReadUInt32LittleEndian(source)
            : throw new InvalidDataException("the LZ4 data end early");
        source = source[4..];
        return value;
    }

    private static void Skip(ref ReadOnlySpan<byte> source, int count) =>
        source = count <= source.Length ? source[count..] : throw new InvalidDataException("the LZ4 data end early");
}
