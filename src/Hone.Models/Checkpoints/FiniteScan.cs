using System.Numerics;
using System.Runtime.InteropServices;

namespace Hone.Models.Checkpoints;

/// <summary>Looks for NaN and infinity in the bytes of a file: numbers whose exponent has all its bits set.</summary>
internal static class FiniteScan
{
    private const int BytesAtOnce = 1 << 20;

    /// <summary>
    /// Whether all numbers of a tensor are finite. Types that have no infinity, or are not computed with, are.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="entry">The tensor.</param>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public static bool IsFinite(SafetensorsFile file, SafetensorsEntry entry) => entry.Type switch
    {
        SafetensorsType.F16 => Scan<ushort>(file, entry, 0x7C00),
        SafetensorsType.BF16 => Scan<ushort>(file, entry, 0x7F80),
        SafetensorsType.F32 => Scan<uint>(file, entry, 0x7F80_0000),
        SafetensorsType.F64 => Scan<ulong>(file, entry, 0x7FF0_0000_0000_0000),
        _ => true,
    };

    private static bool Scan<T>(SafetensorsFile file, SafetensorsEntry entry, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        using var stream = CheckpointFiles.OpenRead(file.Path);
        stream.Position = file.Header.DataStart + entry.Begin;
        var buffer = new byte[(int)Math.Min(BytesAtOnce, entry.Length)];
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
