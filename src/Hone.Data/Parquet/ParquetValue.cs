namespace Hone.Data;

/// <summary>One stored value.</summary>
/// <param name="Bits">A truth value, an integer, or the bits of a floating-point number.</param>
/// <param name="Bytes">Bytes, or the twelve of an INT96.</param>
internal readonly record struct ParquetValue(long Bits, ReadOnlyMemory<byte> Bytes);

/// <summary>The values of a page that are there, in order.</summary>
internal interface IParquetValues
{
    /// <summary>The next value.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is malformed.</exception>
    public ParquetValue Next();
}
