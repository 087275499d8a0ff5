using System.Runtime.InteropServices;
using Hone.Torch;

namespace Hone.Models.Checkpoints;

/// <summary>The bytes of a tensor's elements.</summary>
internal static class TensorBytes
{
    /// <summary>Bytes of a contiguous CPU tensor, in place.</summary>
    public static Span<byte> Of(Tensor tensor) => tensor.DType switch
    {
        DType.Bool => MemoryMarshal.AsBytes(tensor.AsSpan<bool>()),
        DType.UInt8 => tensor.AsSpan<byte>(),
        DType.Int8 => MemoryMarshal.AsBytes(tensor.AsSpan<sbyte>()),
        DType.Int16 => MemoryMarshal.AsBytes(tensor.AsSpan<short>()),
        DType.Float16 => MemoryMarshal.AsBytes(tensor.AsSpan<Half>()),
        DType.BFloat16 => MemoryMarshal.AsBytes(tensor.AsSpan<BFloat16>()),
        DType.Int32 => MemoryMarshal.AsBytes(tensor.AsSpan<int>()),
        DType.Float32 => MemoryMarshal.AsBytes(tensor.AsSpan<float>()),
        DType.Float64 => MemoryMarshal.AsBytes(tensor.AsSpan<double>()),
        DType.Int64 => MemoryMarshal.AsBytes(tensor.AsSpan<long>()),
        _ => throw new ArgumentOutOfRangeException(nameof(tensor), tensor.DType, "unknown element type"),
    };
}
