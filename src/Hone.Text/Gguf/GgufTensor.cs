namespace Hone.Text.Gguf;

/// <summary>Where a tensor of a GGUF file lies, and as what.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">How its numbers are stored.</param>
/// <param name="Shape">Its dimensions, rows before columns: the reverse of the file's order.</param>
/// <param name="Offset">Its first byte, counted from the start of the data.</param>
/// <param name="Bytes">Bytes it takes.</param>
public sealed record GgufTensor(string Name, GgmlType Type, long[] Shape, long Offset, long Bytes)
{
    /// <summary>Numbers in it.</summary>
    public long Count => Bytes / Type.BlockBytes() * Type.BlockSize();
}
