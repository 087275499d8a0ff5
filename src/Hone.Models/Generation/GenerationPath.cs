using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>How a model generates: by the fused step, or by the operators that training composes.</summary>
/// <param name="IsFused">Whether the fused step covers the model: one native call a step, and results with the same bits whatever else is in the batch.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record GenerationPath(bool IsFused, string Reason)
{
    private const string Coded = "weights are kept in 4 bits";

    /// <summary><c>fused</c> or <c>composed</c>.</summary>
    public string Name => IsFused ? "fused" : "composed";

    /// <summary>How a model would generate.</summary>
    /// <param name="config">The architecture.</param>
    /// <param name="compute">The dtype of products.</param>
    /// <param name="adapted">Whether it generates with adapters on.</param>
    /// <param name="coded">Whether weights are kept in 4 bits.</param>
    public static GenerationPath Of(DecoderConfig config, DType compute, bool adapted = false, bool coded = false) => Of(
        [
            .. FusedDialect.Obstacles(config, compute),
            .. adapted ? ["weights have adapters on them"] : Array.Empty<string>(),
            .. coded ? [Coded] : Array.Empty<string>(),
        ],
        GenerationPathChoice.Auto);

    /// <summary>How a model generates, whose weights may be kept in 4 bits.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="choice">What the options ask for.</param>
    /// <exception cref="CheckpointException">The fused step is asked for and does not cover the model.</exception>
    internal static GenerationPath Of(Decoder decoder, GenerationPathChoice choice) => Of(
        [
            .. FusedDialect.Obstacles(decoder.Config, decoder.ComputeType),
            .. decoder.CodedWeights.Count > 0 ? [Coded] : Array.Empty<string>(),
        ],
        choice);

    private static GenerationPath Of(string[] obstacles, GenerationPathChoice choice) =>
        (choice, obstacles) switch
        {
            (GenerationPathChoice.Composed, _) => new GenerationPath(false, "composed of operators, as asked for; bits may depend on the batch"),
            (GenerationPathChoice.Fused, [var first, ..]) => throw new CheckpointException(
                $"generation engine: path \"fused\" must be one that the model can take, but its {first}; take \"auto\""),
            (_, []) => new GenerationPath(true, "fused step; bits do not depend on the batch, its size, chunks or threads. Requests with an adapter are composed of operators"),
            _ => new GenerationPath(false, $"composed of operators, since its {string.Join(" and its ", obstacles)}; bits may depend on the batch"),
        };
}
