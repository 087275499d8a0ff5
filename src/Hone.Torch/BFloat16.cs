namespace Hone.Torch;

/// <summary>A 16-bit brain float: the upper half of a single, rounded to nearest even.</summary>
/// <param name="Bits">Sign, 8 bits of exponent, 7 bits of mantissa.</param>
public readonly record struct BFloat16(ushort Bits)
{
    /// <summary>Rounds a single to the nearest brain float; ties to even, NaN stays NaN.</summary>
    public static explicit operator BFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value)
            ? new BFloat16((ushort)((bits >> 16) | 0x40))
            : new BFloat16((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>Widens to a single; exact.</summary>
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);
}
