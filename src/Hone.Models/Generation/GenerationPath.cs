using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>How a model generates: by the fused step, or by the operators that training composes.</summary>
/// <param name="IsFused">Whether the fused step covers the model: one native call a step, and results with the same
/// bits whatever else is in the batch.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record GenerationPath(bool IsFused, string Reason)
{
    private const string Coded = "weights are kept in 4 bits";
    private const string Equal = "bits do not depend on the batch, its size, chunks or threads";

    /// <summary><c>fused</c> or <c>composed</c>.</summary>
    public string Name => IsFused ? "fused" : "composed";

    /// <summary>Bytes of the weights as the fused step packs them, where that is known beforehand; else 0.</summary>
    public long PackBytes { get; init; }

    /// <summary>How a model would generate.</summary>
    /// <param name="config">The architecture.</param>
    /// <param name="compute">The dtype of products.</param>
    /// <param name="adapter">What the fused step does not know about the adapter that it generates with, in words that
    /// go on "its …"; null where there is no adapter.</param>
    /// <param name="coded">Whether weights are kept in 4 bits.</param>
    /// <param name="weights">How the fused step is to keep them; not as a file stores them.</param>
    public static GenerationPath Of(
        DecoderConfig config, DType compute, IReadOnlyList<string>? adapter = null, bool coded = false,
        GenerationWeights weights = GenerationWeights.Compute)
    {
        string[] obstacles =
        [
            .. FusedDialect.Obstacles(config, compute),
            .. adapter ?? [],
            .. coded ? [Coded] : Array.Empty<string>(),
        ];
        var path = (new EngineOptions { Weights = weights }.FewBits, obstacles) switch
        {
            (var few, []) when adapter is not null => new GenerationPath(
                true, $"fused step with {(few is null ? "" : $"{few} and ")}the adapter in it; {Equal}"),
            (null, _) => Of(obstacles, GenerationPathChoice.Auto),
            ({ } few, [var first, ..]) => new GenerationPath(false, Refusal(few, first)),
            ({ } few, _) => OfFewBits(few),
        };
        return path.IsFused ? path with { PackBytes = PackedModel.SizeOf(config, compute, weights) } : path;
    }

    /// <summary>What the fused step does not know about the adapters that are switched on, in words that go on "its …";
    /// null where none is.</summary>
    /// <param name="decoder">The model.</param>
    public static IReadOnlyList<string>? AdapterObstacles(Decoder decoder) =>
        decoder.Adapters.Active is { IsNone: false } active ? [.. FusedDialect.Obstacles(decoder, active)] : null;

    /// <summary>How a model generates, whose weights may be kept in 4 bits.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="options">What is asked for.</param>
    /// <exception cref="CheckpointException">The fused step is asked for, or few bits that it alone reads, and it does
    /// not cover the model.</exception>
    internal static GenerationPath Of(Decoder decoder, EngineOptions options)
    {
        string[] obstacles =
        [
            .. FusedDialect.Obstacles(decoder.Config, decoder.ComputeType),
            .. decoder.CodedWeights.Count > 0 ? [Coded] : Array.Empty<string>(),
        ];
        if (options.Weights == GenerationWeights.Stored && decoder.Stored?.Version != decoder.WeightVersion)
        {
            var found = decoder.Stored is null ? "of no GGUF file" : "changed since";
            throw new CheckpointException(
                "generation engine: weights \"stored\" must be those of a GGUF file as it was loaded, the model's are "
                + $"{found}; take \"compute\", \"int8\" or \"int4\"");
        }

        return (options.FewBits, obstacles) switch
        {
            (null, _) => Of(obstacles, options.Path),
            ({ } few, [var first, ..]) => throw new CheckpointException($"generation engine: {Refusal(few, first)}"),
            ({ } few, _) => OfFewBits(few),
        };
    }

    private static string Refusal(string few, string obstacle) =>
        $"{few} need the fused step, which does not cover the model, since its {obstacle}; take \"compute\"";

    private static GenerationPath OfFewBits(string few) =>
        new(true, $"fused step with {few}; {Equal}");

    private static GenerationPath Of(string[] obstacles, GenerationPathChoice choice) =>
        (choice, obstacles) switch
        {
            (GenerationPathChoice.Composed, _) =>
                new GenerationPath(false, "composed of operators, as asked for; bits may depend on the batch"),
            (GenerationPathChoice.Fused, [var first, ..]) => throw new CheckpointException(
                $"generation engine: path \"fused\" must be one that the model can take, but its {first}; take "
                    + "\"auto\""),
            (_, []) =>
                new GenerationPath(
                    true,
                    $"fused step; {Equal}. Adapters of low rank and of vectors are part of it, requests with other "
                        + "kinds are composed of operators"),
            _ => new GenerationPath(
                false,
                $"composed of operators, since its {string.Join(" and its ", obstacles)}; bits may depend on the "
                    + "batch"),
        };
}
