using System.Buffers.Binary;

namespace Hone.Data;

/// <summary>CRC-32 as gzip has it (ISO 3309, reflected polynomial 0xEDB88320), eight bytes at a time.</summary>
internal static class Crc32
{
    private static readonly uint[] Tables = MakeTables();

    /// <summary>Continues <paramref name="crc"/> (0 at the start) over <paramref name="bytes"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var tables = Tables.AsSpan(0, 8 * 256);
        crc = ~crc;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = tables[(7 * 256) + (int)(low & 255)]
                ^ tables[(6 * 256) + (int)((low >> 8) & 255)]
                ^ tables[(5 * 256) + (int)((low >> 16) & 255)]
                ^ tables[(4 * 256) + (int)(low >> 24)]
                ^ tables[(3 * 256) + (int)(high & 255)]
                ^ tables[(2 * 256) + (int)((high >> 8) & 255)]
                ^ tables[256 + (int)((high >> 16) & 255)]
                ^ tables[(int)(high >> 24)];
        }

        foreach (var value in bytes)
        {
            crc = (crc >> 8) ^ tables[(int)((crc ^ value) & 255)];
        }

        return ~crc;
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (var i = 0; i < 256; i++)
        {
            var crc = (uint)i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
            }

            tables[i] = crc;
        }

        for (var i = 256; i < tables.Length; i++)
        {
            var shorter = tables[i - 256];
            tables[i] = (shorter >> 8) ^ tables[(int)(shorter & 255)];
        }

        return tables;
    }
}
