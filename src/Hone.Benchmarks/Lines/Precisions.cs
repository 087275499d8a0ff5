using Hone.Models.Generation;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Benchmarks.Lines;

/// <summary>What lines call the dtype of products.</summary>
public static class Precisions
{
    /// <summary>float32 throughout.</summary>
    public const string Float32 = "fp32";

    /// <summary>Products in bfloat16; in training master weights and optimizer are float32, in decoding the weights are
    /// bfloat16.</summary>
    public const string BFloat16 = "bf16";

    /// <summary>In decoding, weights in 8 bits; what stands between products is in bfloat16.</summary>
    public const string Int8 = "int8";

    /// <summary>In decoding, weights in 4 bits, the head in 8; what stands between products is in bfloat16.</summary>
    public const string Int4 = "int4";

    /// <summary>An optimizer whose moments are kept in 8 bits; its weights are float32.</summary>
    public const string ByteStates = "int8 states";

    /// <summary>No products at all.</summary>
    public const string None = "-";

    /// <summary>The dtype of a precision.</summary>
    public static DType TypeOf(string precision) => precision switch
    {
        Float32 => DType.Float32,
        BFloat16 or Int8 or Int4 => DType.BFloat16,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "a precision without a dtype"),
    };

    /// <summary>How the engine keeps the weights of a precision.</summary>
    public static GenerationWeights WeightsOf(string precision) => precision switch
    {
        Int8 => GenerationWeights.Int8,
        Int4 => GenerationWeights.Int4,
        _ => GenerationWeights.Compute,
    };

    /// <summary>
    /// Bytes of a weight that is multiplied, with its share of scales: two bytes for 128 in 8 bits, four for 32 in 4.
    /// </summary>
    public static double WeightBytes(string precision) => precision switch
    {
        Int8 => 1 + (2.0 / 128),
        Int4 => 0.5 + (4.0 / 32),
        _ => TypeOf(precision).ByteSize(),
    };

    /// <summary>How the head is kept: in 8 bits where the layers are in 4.</summary>
    public static string OfHead(string precision) => precision == Int4 ? Int8 : precision;

    /// <summary>What products run in: weights in 4 bits become 8-bit integers on the way.</summary>
    public static string OfProducts(string precision) => precision == Int4 ? Int8 : precision;

    /// <summary>What is computed in beside products, attention among it.</summary>
    public static string OfTheRest(string precision) => precision is Int8 or Int4 ? BFloat16 : precision;

    /// <summary>The precision of a dtype.</summary>
    public static string Of(DType type) => type == DType.BFloat16 ? BFloat16 : Float32;

    /// <summary>What a recipe calls a precision.</summary>
    public static ComputeChoice ChoiceOf(string precision) =>
        TypeOf(precision) == DType.BFloat16 ? ComputeChoice.Bfloat16 : ComputeChoice.Float32;
}
