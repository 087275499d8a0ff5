namespace Hone.Torch;

/// <summary>What is known of an element type.</summary>
public static class DTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int ByteSize(this DType dtype) => dtype switch
    {
        DType.UInt8 or DType.Int8 or DType.Bool => 1,
        DType.Int16 or DType.Float16 or DType.BFloat16 => 2,
        DType.Int32 or DType.Float32 => 4,
        DType.Int64 or DType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "unknown element type"),
    };

    /// <summary>Whether elements are floating-point numbers, so that gradients exist.</summary>
    public static bool IsFloatingPoint(this DType dtype) =>
        dtype is DType.Float16 or DType.BFloat16 or DType.Float32 or DType.Float64;

    /// <summary>The element type that holds values of <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">No tensor holds such values.</exception>
    public static DType Of<T>()
        where T : unmanaged
        => default(T) switch
        {
            byte => DType.UInt8,
            sbyte => DType.Int8,
            short => DType.Int16,
            int => DType.Int32,
            long => DType.Int64,
            Half => DType.Float16,
            float => DType.Float32,
            double => DType.Float64,
            bool => DType.Bool,
            BFloat16 => DType.BFloat16,
            _ => throw new NotSupportedException($"no tensor holds {typeof(T).Name}"),
        };
}
