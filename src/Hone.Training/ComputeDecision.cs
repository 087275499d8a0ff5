using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Training;

/// <summary>The dtype that a run multiplies in, and why.</summary>
/// <param name="DType">The dtype.</param>
/// <param name="Reason">Why it is that one, in words.</param>
public sealed record ComputeDecision(DType DType, string Reason)
{
    /// <summary>The name of the dtype in recipes.</summary>
    public string Name => DType == DType.BFloat16 ? "bfloat16" : "float32";

    /// <summary>Decides for a recipe on a processor.</summary>
    public static ComputeDecision Of(ComputeChoice choice, Processor processor) => choice switch
    {
        ComputeChoice.Float32 => new(DType.Float32, "the recipe says so"),
        ComputeChoice.Bfloat16 when processor.FastestComputeDType == DType.BFloat16 =>
            new(DType.BFloat16, "the recipe says so"),
        ComputeChoice.Bfloat16 => new(DType.BFloat16,
            "the recipe says so, though this processor has no bfloat16 products and converts each number"),
        ComputeChoice.Auto when processor.AmxBFloat16 =>
            new(DType.BFloat16, "the processor multiplies bfloat16 tiles (amx_bf16)"),
        ComputeChoice.Auto when processor.Avx512BFloat16 =>
            new(DType.BFloat16, "the processor multiplies bfloat16 (avx512_bf16)"),
        ComputeChoice.Auto => new(DType.Float32, "the processor has no bfloat16 products"),
        _ => throw new ArgumentOutOfRangeException(nameof(choice), choice, "unknown choice"),
    };
}
