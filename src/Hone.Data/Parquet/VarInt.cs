namespace Hone.Data;

/// <summary>Integers of seven bits a byte, least significant first.</summary>
internal static class VarInt
{
    /// <summary>Reads one.</summary>
    /// <exception cref="InvalidDataException">It is cut off or too long.</exception>
    public static ulong Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number is cut off");
    }

    /// <summary>Reads one whose lowest bit is its sign.</summary>
    /// <exception cref="InvalidDataException">It is cut off or too long.</exception>
    public static long ReadSigned(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = Read(bytes, ref at);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}
