namespace Hone.Text.Gguf;

/// <summary>How the numbers of a GGUF tensor are stored, by the numbers of the format.</summary>
/// <remarks>Numbers that are absent here were taken out of the format, or never were in it.</remarks>
public enum GgmlType
{
    /// <summary>IEEE single precision.</summary>
    F32 = 0,

    /// <summary>IEEE half precision.</summary>
    F16 = 1,

    /// <summary>4 bits and a factor for each 32.</summary>
    Q40 = 2,

    /// <summary>4 bits, a factor and a least value for each 32.</summary>
    Q41 = 3,

    /// <summary>5 bits and a factor for each 32.</summary>
    Q50 = 6,

    /// <summary>5 bits, a factor and a least value for each 32.</summary>
    Q51 = 7,

    /// <summary>8 bits and a factor for each 32.</summary>
    Q80 = 8,

    /// <summary>8 bits, a factor and a sum for each 32.</summary>
    Q81 = 9,

    /// <summary>2 bits in blocks of 256, with scales and least values of 4 bits for each 16.</summary>
    Q2K = 10,

    /// <summary>3 bits in blocks of 256, with scales of 6 bits for each 16.</summary>
    Q3K = 11,

    /// <summary>4 bits in blocks of 256, with scales and least values of 6 bits for each 32.</summary>
    Q4K = 12,

    /// <summary>5 bits in blocks of 256, with scales and least values of 6 bits for each 32.</summary>
    Q5K = 13,

    /// <summary>6 bits in blocks of 256, with scales of 8 bits for each 16.</summary>
    Q6K = 14,

    /// <summary>8 bits and a factor for each 256.</summary>
    Q8K = 15,

    /// <summary>About 2.06 bits, by a table of patterns.</summary>
    IQ2XXS = 16,

    /// <summary>About 2.31 bits, by a table of patterns.</summary>
    IQ2XS = 17,

    /// <summary>About 3.06 bits, by a table of patterns.</summary>
    IQ3XXS = 18,

    /// <summary>About 1.56 bits, by a table of patterns.</summary>
    IQ1S = 19,

    /// <summary>4 bits by a table of 16 values, and a factor for each 32.</summary>
    IQ4NL = 20,

    /// <summary>About 3.44 bits, by a table of patterns.</summary>
    IQ3S = 21,

    /// <summary>About 2.56 bits, by a table of patterns.</summary>
    IQ2S = 22,

    /// <summary>4 bits by a table of 16 values, in blocks of 256 with scales of 6 bits for each 32.</summary>
    IQ4XS = 23,

    /// <summary>Signed 8-bit integers.</summary>
    I8 = 24,

    /// <summary>Signed 16-bit integers.</summary>
    I16 = 25,

    /// <summary>Signed 32-bit integers.</summary>
    I32 = 26,

    /// <summary>Signed 64-bit integers.</summary>
    I64 = 27,

    /// <summary>IEEE double precision.</summary>
    F64 = 28,

    /// <summary>About 1.75 bits, by a table of patterns.</summary>
    IQ1M = 29,

    /// <summary>The upper half of a single-precision number.</summary>
    BF16 = 30,

    /// <summary>−1, 0 or 1, five in a byte, and a factor for each 256.</summary>
    TQ10 = 34,

    /// <summary>−1, 0 or 1, four in a byte, and a factor for each 256.</summary>
    TQ20 = 35,

    /// <summary>4-bit floats (E2M1) and a power of two for each 32.</summary>
    MXFP4 = 39,

    /// <summary>4-bit floats (E2M1) and an 8-bit float (E4M3, unsigned) for each 16.</summary>
    NVFP4 = 40,
}
