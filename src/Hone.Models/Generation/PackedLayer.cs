using Hone.Models.Configuration;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>A matrix that is about to be packed.</summary>
/// <param name="Code">How it is to be kept.</param>
/// <param name="Weights">Its numbers, or blocks of that code.</param>
internal readonly record struct PackedMatrix(WeightCode Code, Tensor Weights)
{
    /// <summary>Decides how a matrix is kept.</summary>
    /// <param name="parts">The parameters that its rows are of.</param>
    /// <param name="whole">All of them, one below the other; its numbers are read where the file does not do.</param>
    /// <param name="weights">What is asked for.</param>
    /// <param name="blocks">The open file; there where weights are to be kept as it stores them.</param>
    public static PackedMatrix Of(
        IReadOnlyList<Parameter> parts, Parameter whole, GenerationWeights weights, StoredBlocks.OpenBlocks? blocks)
    {
        switch (weights)
        {
            case GenerationWeights.Int8:
                return new PackedMatrix(WeightCode.Int8, whole.Value);
            case GenerationWeights.Int4:
                return new PackedMatrix(WeightCode.Q41, whole.Value);
            case GenerationWeights.Stored:
                ParameterSpec[] specs = [.. parts.Select(part => part.Spec)];
                var (code, found) = blocks!.Find(specs);
                return new PackedMatrix(code, found ?? (whole.HasValue ? whole.Value : blocks.Numbers(specs)));
            default:
                return new PackedMatrix(WeightCode.Plain, whole.Value);
        }
    }
}

/// <summary>The weights of a layer as the fused step packs them.</summary>
internal sealed class PackedLayer
{
    /// <summary>Finds them.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="config">The model's sizes.</param>
    /// <param name="kept">How its matrices are to be kept.</param>
    /// <param name="blocks">The open file; there where weights are to be kept as it stores them.</param>
    public PackedLayer(
        DecoderLayer layer, DecoderConfig config, GenerationWeights kept, StoredBlocks.OpenBlocks? blocks)
    {
        var inputs = (HeadInputs)layer.Attention.Inputs;
        var feed = (GatedFeedForward)layer.FeedForward;
        PackedMatrix Matrix(params IReadOnlyList<Parameter> parts) =>
            PackedMatrix.Of(parts, parts[0], kept, blocks);
        (PackedMatrix Matrix, Parameter? Bias) Joined(IProjections projections) => projections switch
        {
            JoinedProjections joined => (
                PackedMatrix.Of([.. joined.Parts.Select(part => part.Weight)], joined.Weight, kept, blocks),
                joined.Bias),
            SplitProjections split => (Matrix(split.Whole.Weight), split.Whole.Bias),
            _ => throw new InvalidOperationException($"the fused step does not know {projections.GetType().Name}"),
        };

        var (projections, projectionBias) = Joined(inputs.Projections);
        var (gateAndUp, gateAndUpBias) = Joined(feed.GateAndUp);
        var (output, down) = (Matrix(layer.Attention.Output.Weight), Matrix(feed.Down.Weight));
        Codes = [projections.Code, output.Code, gateAndUp.Code, down.Code];
        long inner = config.FeedForward.InnerSize;
        Tensor?[] weights =
        [
            WeightOf(layer.AttentionNorm),
            projections.Weights,
            projectionBias?.Value,
            WeightOf(inputs.QueryNorm),
            WeightOf(inputs.KeyNorm),
            output.Weights,
            layer.Attention.Output.Bias?.Value,
            WeightOf(layer.FeedForwardNorm),
            gateAndUp.Weights.Narrow(0, 0, inner),
            gateAndUpBias?.Value.Narrow(0, 0, inner),
            gateAndUp.Weights.Narrow(0, inner, inner),
            gateAndUpBias?.Value.Narrow(0, inner, inner),
            down.Weights,
            feed.Down.Bias?.Value,
        ];
        Weights = [.. weights.OfType<Tensor>()];
    }

    /// <summary>How the matrices are kept, in the order that <see cref="Fused.DecoderArena"/> asks for.</summary>
    public WeightCode[] Codes { get; }

    /// <summary>All weights, in the order that <see cref="Fused.DecoderPack"/> asks for.</summary>
    public Tensor[] Weights { get; }

    /// <summary>The weight of a norm, or null where there is none.</summary>
    public static Tensor? WeightOf(INorm norm) => (norm as Norm)?.Weight.Value;
}
