namespace Hone.Models.Checkpoints;

/// <summary>One tensor as the header of a safetensors file describes it.</summary>
/// <param name="Name">The tensor's name; may be empty.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its dimensions, slowest first; empty for a scalar.</param>
/// <param name="Begin">Offset of its first byte, counted from the end of the header.</param>
/// <param name="End">Offset after its last byte, counted likewise.</param>
public sealed record SafetensorsEntry(string Name, SafetensorsType Type, long[] Shape, long Begin, long End)
{
    /// <summary>Bytes the tensor takes.</summary>
    public long Length => End - Begin;
}
