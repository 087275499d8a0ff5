using System.IO.Compression;

namespace Hone.Data;

/// <summary>Undoes the compression of pages, by Parquet's numbers.</summary>
internal static class PageCodec
{
    /// <summary>Decompresses a page.</summary>
    /// <param name="codec">The codec's number.</param>
    /// <param name="bytes">The page as stored.</param>
    /// <param name="size">Its size after.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">It is damaged, has another size, or its codec is not known.</exception>
    /// <exception cref="DataException">It is damaged.</exception>
    public static ReadOnlyMemory<byte> Decompress(int codec, byte[] bytes, int size, string name)
    {
        var result = codec switch
        {
            0 => bytes,
            1 => Snappy.Decompress(bytes),
            2 => Drain(new GzipReader(new MemoryStream(bytes), name), size),
            4 => Drain(new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress), size),
            6 => Drain(new ZstdReader(new MemoryStream(bytes), name), size),
            7 => Lz4Block.Decompress(bytes, size),
            3 => throw new InvalidDataException("LZO compression is not supported"),
            5 => throw new InvalidDataException(
                "the old LZ4 framing is not supported; write the file with LZ4_RAW, zstd or snappy"),
            _ => throw new InvalidDataException($"compression {codec} is not known"),
        };
        return result.Length == size
            ? result
            : throw new InvalidDataException($"a page must have {size} bytes, got {result.Length}");
    }

    private static byte[] Drain(Stream stream, int size)
    {
        using (stream)
        {
            try
            {
                var result = new MemoryStream();
                var buffer = new byte[Math.Clamp(size + 1, 256, 64 * 1024)];
                while (result.Length <= size && stream.Read(buffer) is > 0 and var count)
                {
                    result.Write(buffer, 0, count);
                }

                return result.ToArray();
            }
            catch (InvalidOperationException)
            {
                throw new InvalidDataException("the Brotli data are damaged");
            }
        }
    }
}
