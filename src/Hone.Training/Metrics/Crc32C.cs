using System.Buffers.Binary;
using System.Numerics;

namespace Hone.Training.Metrics;

/// <summary>The checksum of TFRecord files: CRC-32C, masked so that the checksum of data that holds checksums stays
/// strong.</summary>
public static class Crc32C
{
    /// <summary>CRC-32C (Castagnoli, reflected polynomial 0x82F63B78).</summary>
    public static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (var value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    /// <summary>The checksum as records store it: rotated right by 15 bits, plus 0xA282EAD8.</summary>
    public static uint Masked(ReadOnlySpan<byte> data) => BitOperations.RotateRight(Of(data), 15) + 0xA282EAD8;
}
