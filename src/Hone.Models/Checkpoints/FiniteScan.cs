using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hone.Models.Checkpoints;

/// <summary>Looks for NaN and infinity in the bytes of a file: numbers whose exponent has all its bits set.</summary>
internal static class FiniteScan
{
    /// <summary>Bytes that are read at once: they are still in a cache when they are looked at.</summary>
    public const int BytesAtOnce = 1 << 16;

    /// <summary>
    /// Whether all numbers of a tensor are finite. Types that have no infinity, or are not computed with, are.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="entry">The tensor.</param>
    /// <param name="buffer">Where bytes are read to, <see cref="BytesAtOnce"/> of them.</param>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public static bool IsFinite(SafetensorsFile file, SafetensorsEntry entry, byte[] buffer) => entry.Type switch
    {
        SafetensorsType.F16 => Scan<ushort>(file, entry, 0x7C00, buffer),
        SafetensorsType.BF16 => Scan<ushort>(file, entry, 0x7F80, buffer),
        SafetensorsType.F32 => Scan<uint>(file, entry, 0x7F80_0000, buffer),
        SafetensorsType.F64 => Scan<ulong>(file, entry, 0x7FF0_0000_0000_0000, buffer),
        _ => true,
    };

    private static bool Scan<T>(SafetensorsFile file, SafetensorsEntry entry, T exponent, byte[] buffer)
        where T : unmanaged, IBinaryInteger<T>
    {
        using var stream = CheckpointFiles.OpenRead(file.Path);
        stream.Position = file.Header.DataStart + entry.Begin;
        for (var left = entry.Length; left > 0; left -= buffer.Length)
        {
            var bytes = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
            stream.ReadExactly(bytes);
            if (HasSpecial(MemoryMarshal.Cast<byte, T>(bytes), exponent))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // few calls, each with many numbers
    private static bool HasSpecial<T>(ReadOnlySpan<T> values, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        var mask = new Vector<T>(exponent);
        var at = 0;
        for (; at + Vector<T>.Count <= values.Length; at += Vector<T>.Count)
        {
            if (Vector.EqualsAny(new Vector<T>(values[at..]) & mask, mask))
            {
                return true;
            }
        }

        foreach (var value in values[at..])
        {
            if ((value & exponent) == exponent)
            {
                return true;
            }
        }

        return false;
    }
}
