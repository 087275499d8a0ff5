using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Benchmarks.Lines;

/// <summary>What lines call the dtype of products.</summary>
public static class Precisions
{
    /// <summary>float32 throughout.</summary>
    public const string Float32 = "fp32";

    /// <summary>Products in bfloat16; in training master weights and optimizer are float32, in decoding the weights are bfloat16.</summary>
    public const string BFloat16 = "bf16";

    /// <summary>No products at all.</summary>
    public const string None = "-";

    /// <summary>The dtype of a precision.</summary>
    public static DType TypeOf(string precision) => precision switch
    {
        Float32 => DType.Float32,
        BFloat16 => DType.BFloat16,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "a precision without a dtype"),
    };

    /// <summary>The precision of a dtype.</summary>
    public static string Of(DType type) => type == DType.BFloat16 ? BFloat16 : Float32;

    /// <summary>What a recipe calls a precision.</summary>
    public static ComputeChoice ChoiceOf(string precision) =>
        TypeOf(precision) == DType.BFloat16 ? ComputeChoice.Bfloat16 : ComputeChoice.Float32;
}
