using Hone.Torch;

namespace Hone.Models.Checkpoints;

/// <summary>
/// What the types of the safetensors format are called, how wide they are, and which of them a tensor can have.
/// </summary>
public static class SafetensorsTypes
{
    private static readonly (SafetensorsType Type, string Name, int Bits)[] Table =
    [
        (SafetensorsType.Bool, "BOOL", 8),
        (SafetensorsType.F4, "F4", 4),
        (SafetensorsType.F6E2M3, "F6_E2M3", 6),
        (SafetensorsType.F6E3M2, "F6_E3M2", 6),
        (SafetensorsType.U8, "U8", 8),
        (SafetensorsType.I8, "I8", 8),
        (SafetensorsType.F8E5M2, "F8_E5M2", 8),
        (SafetensorsType.F8E4M3, "F8_E4M3", 8),
        (SafetensorsType.F8E8M0, "F8_E8M0", 8),
        (SafetensorsType.I16, "I16", 16),
        (SafetensorsType.U16, "U16", 16),
        (SafetensorsType.F16, "F16", 16),
        (SafetensorsType.BF16, "BF16", 16),
        (SafetensorsType.I32, "I32", 32),
        (SafetensorsType.U32, "U32", 32),
        (SafetensorsType.F32, "F32", 32),
        (SafetensorsType.C64, "C64", 64),
        (SafetensorsType.F64, "F64", 64),
        (SafetensorsType.I64, "I64", 64),
        (SafetensorsType.U64, "U64", 64),
    ];

    /// <summary>The type's name in a header, such as <c>BF16</c>.</summary>
    /// <param name="type">The type.</param>
    public static string NameOf(SafetensorsType type) => Table[(int)type].Name;

    /// <summary>Bits an element takes.</summary>
    /// <param name="type">The type.</param>
    public static int BitsOf(SafetensorsType type) => Table[(int)type].Bits;

    /// <summary>Finds a type by its exact name.</summary>
    /// <param name="name">The name in the header.</param>
    /// <param name="type">The type, when there is one of that name.</param>
    public static bool TryParse(string name, out SafetensorsType type)
    {
        var found = Array.FindIndex(Table, row => row.Name == name);
        type = found < 0 ? default : Table[found].Type;
        return found >= 0;
    }

    /// <summary>The tensor type that has the same bits, or null for a type that the tensor engine lacks.</summary>
    /// <param name="type">The type in the file.</param>
    public static DType? TensorType(SafetensorsType type) => type switch
    {
        SafetensorsType.Bool => DType.Bool,
        SafetensorsType.U8 => DType.UInt8,
        SafetensorsType.I8 => DType.Int8,
        SafetensorsType.I16 => DType.Int16,
        SafetensorsType.F16 => DType.Float16,
        SafetensorsType.BF16 => DType.BFloat16,
        SafetensorsType.I32 => DType.Int32,
        SafetensorsType.F32 => DType.Float32,
        SafetensorsType.F64 => DType.Float64,
        SafetensorsType.I64 => DType.Int64,
        _ => null,
    };

    /// <summary>The type that a tensor is written as.</summary>
    /// <param name="type">The tensor's type.</param>
    public static SafetensorsType FileType(DType type) => type switch
    {
        DType.Bool => SafetensorsType.Bool,
        DType.UInt8 => SafetensorsType.U8,
        DType.Int8 => SafetensorsType.I8,
        DType.Int16 => SafetensorsType.I16,
        DType.Float16 => SafetensorsType.F16,
        DType.BFloat16 => SafetensorsType.BF16,
        DType.Int32 => SafetensorsType.I32,
        DType.Float32 => SafetensorsType.F32,
        DType.Float64 => SafetensorsType.F64,
        DType.Int64 => SafetensorsType.I64,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such type in safetensors"),
    };
}
