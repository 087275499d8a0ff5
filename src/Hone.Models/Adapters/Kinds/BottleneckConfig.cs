using Hone.Models.Configuration;

namespace Hone.Models.Adapters.Kinds;

/// <summary>A small network behind attention, the feed-forward part, or both: x + o + s·up(f(down z)).</summary>
/// <remarks>
/// Houlsby et al., arXiv:1902.00751 (behind both, z = o); Pfeiffer et al., arXiv:2005.00247 (behind the feed-forward
/// part, z = x + o); He et al., arXiv:2110.04366 (beside it, z = x). x is the residual stream before the half, o what
/// the half gives. The fields are those of <c>BnConfig</c> of the <c>adapters</c> library.
/// </remarks>
public sealed record BottleneckConfig : AdapterConfig
{
    /// <inheritdoc/>
    public override string Kind => "BOTTLENECK";

    /// <summary>The adapter's name in its file.</summary>
    public string Name { get; init; } = "default";

    /// <summary>Whether one stands behind attention.</summary>
    public bool AfterAttention { get; init; }

    /// <summary>Whether one stands behind the feed-forward part.</summary>
    public bool AfterFeedForward { get; init; } = true;

    /// <summary>The hidden size divided by the inner width.</summary>
    public double Reduction { get; init; } = 16;

    /// <summary>The reduction of single layers, by their number.</summary>
    public ValueList<LayerReduction> ReductionByLayer { get; init; } = [];

    /// <summary>f: <c>relu</c>, <c>gelu</c>, <c>gelu_new</c>, <c>swish</c>, <c>silu</c>, <c>tanh</c>.</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>Whether z = x + o instead of o.</summary>
    public bool TakesSum { get; init; } = true;

    /// <summary>Whether it stands beside the half instead of behind it: z = x.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Whether z is normalised (LayerNorm) before it goes down.</summary>
    public bool NormBefore { get; init; }

    /// <summary>Whether what it gives is normalised (LayerNorm).</summary>
    public bool NormAfter { get; init; }

    /// <summary>Whether o is added before that normalisation instead of after it.</summary>
    public bool ResidualBeforeNorm { get; init; }

    /// <summary>s, where it is a number.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>What s is.</summary>
    public BottleneckScale ScaleKind { get; init; } = BottleneckScale.Fixed;

    /// <summary>The probability that a number of what it gives is dropped.</summary>
    public double Dropout { get; init; }

    /// <summary>What a fresh one is made of.</summary>
    public BottleneckInitial Initial { get; init; } = BottleneckInitial.Bert;

    /// <summary>Numbers of layers that have none.</summary>
    public ValueList<int> LeftOut { get; init; } = [];
}

/// <summary>The reduction of one layer.</summary>
/// <param name="Layer">The layer's number.</param>
/// <param name="Reduction">The hidden size divided by the inner width.</param>
public readonly record struct LayerReduction(int Layer, double Reduction);

/// <summary>What the factor of a bottleneck is.</summary>
public enum BottleneckScale
{
    /// <summary>A number.</summary>
    Fixed,

    /// <summary>A number that is learned.</summary>
    Learned,

    /// <summary>A number for each channel that is learned.</summary>
    Channel,
}

/// <summary>What a fresh bottleneck is made of.</summary>
public enum BottleneckInitial
{
    /// <summary>Normal with deviation 0.02, biases 0.</summary>
    Bert,

    /// <summary>Down uniform in ±1/√in, up 0: the model begins as the base model.</summary>
    MamAdapter,

    /// <summary>Normal with deviation 0.01 within two deviations, biases 0.</summary>
    Houlsby,
}
