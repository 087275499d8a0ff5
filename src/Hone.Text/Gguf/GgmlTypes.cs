namespace Hone.Text.Gguf;

/// <summary>What the types of GGUF tensors are called, and how wide they are.</summary>
public static class GgmlTypes
{
    private static readonly Dictionary<GgmlType, (string Name, int Size, int Bytes)> Table = new()
    {
        [GgmlType.F32] = ("F32", 1, 4),
        [GgmlType.F16] = ("F16", 1, 2),
        [GgmlType.Q40] = ("Q4_0", 32, 18),
        [GgmlType.Q41] = ("Q4_1", 32, 20),
        [GgmlType.Q50] = ("Q5_0", 32, 22),
        [GgmlType.Q51] = ("Q5_1", 32, 24),
        [GgmlType.Q80] = ("Q8_0", 32, 34),
        [GgmlType.Q81] = ("Q8_1", 32, 36),
        [GgmlType.Q2K] = ("Q2_K", 256, 84),
        [GgmlType.Q3K] = ("Q3_K", 256, 110),
        [GgmlType.Q4K] = ("Q4_K", 256, 144),
        [GgmlType.Q5K] = ("Q5_K", 256, 176),
        [GgmlType.Q6K] = ("Q6_K", 256, 210),
        [GgmlType.Q8K] = ("Q8_K", 256, 292),
        [GgmlType.IQ2XXS] = ("IQ2_XXS", 256, 66),
        [GgmlType.IQ2XS] = ("IQ2_XS", 256, 74),
        [GgmlType.IQ3XXS] = ("IQ3_XXS", 256, 98),
        [GgmlType.IQ1S] = ("IQ1_S", 256, 50),
        [GgmlType.IQ4NL] = ("IQ4_NL", 32, 18),
        [GgmlType.IQ3S] = ("IQ3_S", 256, 110),
        [GgmlType.IQ2S] = ("IQ2_S", 256, 82),
        [GgmlType.IQ4XS] = ("IQ4_XS", 256, 136),
        [GgmlType.I8] = ("I8", 1, 1),
        [GgmlType.I16] = ("I16", 1, 2),
        [GgmlType.I32] = ("I32", 1, 4),
        [GgmlType.I64] = ("I64", 1, 8),
        [GgmlType.F64] = ("F64", 1, 8),
        [GgmlType.IQ1M] = ("IQ1_M", 256, 56),
        [GgmlType.BF16] = ("BF16", 1, 2),
        [GgmlType.TQ10] = ("TQ1_0", 256, 54),
        [GgmlType.TQ20] = ("TQ2_0", 256, 66),
        [GgmlType.MXFP4] = ("MXFP4", 32, 17),
        [GgmlType.NVFP4] = ("NVFP4", 64, 36),
    };

    // Numbers of types that earlier versions of the format had.
    private static readonly Dictionary<uint, string> Removed = new()
    {
        [4] = "Q4_2",
        [5] = "Q4_3",
        [31] = "Q4_0_4_4",
        [32] = "Q4_0_4_8",
        [33] = "Q4_0_8_8",
        [36] = "IQ4_NL_4_4",
        [37] = "IQ4_NL_4_8",
        [38] = "IQ4_NL_8_8",
    };

    /// <summary>The type of a number of the format.</summary>
    /// <param name="number">The number in the file.</param>
    /// <param name="tensor">The tensor that has it, for the message.</param>
    /// <exception cref="FormatException">There is no such type, or no longer.</exception>
    public static GgmlType Of(uint number, string tensor) =>
        Removed.TryGetValue(number, out var name)
            ? throw new FormatException(
                $"has the tensor type {number} ({name}) for '{tensor}', which was removed from the format")
            : Enum.IsDefined((GgmlType)number)
                ? (GgmlType)number
                : throw new FormatException($"has the unknown tensor type {number} for '{tensor}'");

    /// <summary>The format's own name of the type, such as <c>Q4_K</c>.</summary>
    public static string NameOf(GgmlType type) => Table[type].Name;

    /// <summary>Numbers of a block: the least that can be stored.</summary>
    public static int BlockSize(this GgmlType type) => Table[type].Size;

    /// <summary>Bytes of a block.</summary>
    public static int BlockBytes(this GgmlType type) => Table[type].Bytes;

    /// <summary>Whether numbers share factors in blocks.</summary>
    public static bool IsQuantised(this GgmlType type) => type.BlockSize() > 1;
}
