using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>A small network in each layer, stored in the format of the <c>adapters</c> library.</summary>
public sealed record BottleneckOptions : AdapterOptions
{
    private const double UsualReduction = 16;
    private const double ParallelReduction = 2;
    private const double ParallelScale = 4;

    /// <summary>Where the networks stand.</summary>
    public BottleneckPlacement Placement { get; init; } = BottleneckPlacement.Pfeiffer;

    /// <summary>The hidden size divided by the inner width; by default 16, beside the feed-forward part 2.</summary>
    [Interval("(0, ∞)")]
    public double? Reduction { get; init; }

    /// <summary>The function inside: relu, gelu, gelu_new, swish, silu or tanh; by default swish behind both parts,
    /// else relu.</summary>
    public string? Activation { get; init; }

    /// <summary>What the network's output is multiplied by; by default 1, beside the feed-forward part 4.</summary>
    public double? Scale { get; init; }

    /// <summary>Whether that factor is learned, for all channels or each.</summary>
    public BottleneckScale ScaleKind { get; init; } = BottleneckScale.Fixed;

    /// <summary>The probability that a number of the output is dropped.</summary>
    [Interval("[0, 1)")]
    public double Dropout { get; init; }

    /// <summary>Numbers of layers that have none.</summary>
    [Interval("[0, ∞)")]
    public IReadOnlyList<int> LeaveOut { get; init; } = [];

    /// <summary>What does not fit together, each as <c>key: what must hold, what was found</c>.</summary>
    public IEnumerable<string> Problems() =>
        Activation is null or "relu" or "gelu" or "gelu_new" or "swish" or "silu" or "tanh"
            ? []
            : [$"activation: must be relu, gelu, gelu_new, swish, silu or tanh, got {Activation}"];

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates)
    {
        var (isParallel, isHoulsby) = (
            Placement == BottleneckPlacement.Parallel, Placement == BottleneckPlacement.Houlsby);
        return new BottleneckConfig
        {
            AfterAttention = isHoulsby,
            TakesSum = Placement == BottleneckPlacement.Pfeiffer,
            IsParallel = isParallel,
            Reduction = Reduction ?? (isParallel ? ParallelReduction : UsualReduction),
            Activation = Activation ?? (isHoulsby ? "swish" : "relu"),
            Scale = Scale ?? (isParallel ? ParallelScale : 1),
            ScaleKind = ScaleKind,
            Initial = isParallel ? BottleneckInitial.MamAdapter : BottleneckInitial.Bert,
            Dropout = Dropout,
            LeftOut = ValueList.Create<int>([.. LeaveOut]),
        };
    }
}

/// <summary>Where bottleneck adapters stand.</summary>
public enum BottleneckPlacement
{
    /// <summary>Behind the feed-forward part, over the residual sum (arXiv:2005.00247).</summary>
    Pfeiffer,

    /// <summary>Behind attention and behind the feed-forward part (arXiv:1902.00751).</summary>
    Houlsby,

    /// <summary>Beside the feed-forward part (arXiv:2110.04366).</summary>
    Parallel,
}
