using Hone.Models.Configuration;

namespace Hone.Models.Adapters.Kinds;

/// <summary>Low-rank adaptation: W' = W + s·B·A with A <c>[r, in]</c>, B <c>[out, r]</c>.</summary>
/// <remarks>
/// LoRA, arXiv:2106.09685, with s = α/r; rank-stabilised, arXiv:2312.03732, with s = α/√r; weight-decomposed (DoRA),
/// arXiv:2402.09353:
/// W' = m ⊙ (W + sBA) / ‖W + sBA‖.
/// </remarks>
public sealed record LoraConfig : AdapterConfig
{
    /// <inheritdoc/>
    public override string Kind => "LORA";

    /// <summary>r, where no pattern says otherwise.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>α, where no pattern says otherwise.</summary>
    public double Alpha { get; init; } = 8;

    /// <summary>The probability that a number of a layer's input is dropped on its way through A.</summary>
    public double Dropout { get; init; }

    /// <summary>The modules it is put on: linear layers, embeddings, the head.</summary>
    public required ModuleTargets Targets { get; init; }

    /// <summary>r of the modules that a pattern fits.</summary>
    public ValueList<NamePattern<int>> RankPattern { get; init; } = [];

    /// <summary>α of the modules that a pattern fits.</summary>
    public ValueList<NamePattern<double>> AlphaPattern { get; init; } = [];

    /// <summary>Whether s = α/√r.</summary>
    public bool UseRsLora { get; init; }

    /// <summary>Whether magnitude and direction of each output are learned apart.</summary>
    public bool UseDora { get; init; }

    /// <summary>Which biases of the base model are trained with it.</summary>
    public BiasTraining Bias { get; init; } = BiasTraining.None;

    /// <summary>Whether B has a bias of its own.</summary>
    public bool LoraBias { get; init; }

    /// <summary>What a fresh one is made of.</summary>
    public LoraInitial Initial { get; init; } = LoraInitial.Zero;

    /// <summary>Tokens whose embeddings are trained.</summary>
    public ValueList<int> TrainableTokens { get; init; } = [];

    /// <summary>Whether a head that is the embedding matrix shares what is trained of it.</summary>
    public bool EnsureWeightTying { get; init; }

    /// <summary>Ranges of layers of the base model that the adapted model is stacked of; empty for the layers as they
    /// are.</summary>
    public ValueList<LayerRange> LayerReplication { get; init; } = [];

    /// <summary>r and s of a module, by the patterns.</summary>
    /// <param name="module">The module's name.</param>
    /// <exception cref="CheckpointException">The rank is not positive.</exception>
    public (int Rank, double Scale) SizeOf(string module)
    {
        var rank = ModuleTargets.First(RankPattern, module, Rank);
        var alpha = ModuleTargets.First(AlphaPattern, module, Alpha);
        return rank > 0
            ? (rank, alpha / (UseRsLora ? Math.Sqrt(rank) : rank))
            : throw new CheckpointException($"adapter LORA: the rank of \"{module}\" must be positive, got {rank}");
    }

    /// <summary>Whether what it begins with is taken off the base weights.</summary>
    internal bool TakesOffBase => Initial is LoraInitial.Pissa or LoraInitial.Olora;

    /// <summary>How its file describes it: one that takes its start off the base weights is an ordinary one of twice
    /// the rank and the same scale.</summary>
    internal LoraConfig Stored
    {
        get
        {
            if (!TakesOffBase)
            {
                return this;
            }

            // α/r and 2α/2r are the same, and so are α/√r and √2·α/√(2r).
            var factor = UseRsLora ? Math.Sqrt(2) : 2;
            return this with
            {
                Initial = LoraInitial.Zero,
                Rank = 2 * Rank,
                Alpha = factor * Alpha,
                RankPattern = [.. RankPattern.Select(one => one with { Value = 2 * one.Value })],
                AlphaPattern = [.. AlphaPattern.Select(one => one with { Value = factor * one.Value })],
            };
        }
    }
}

/// <summary>Layers from the first to, not including, the last.</summary>
/// <param name="First">The first.</param>
/// <param name="End">The one after the last.</param>
public readonly record struct LayerRange(int First, int End);

/// <summary>Which biases of the base model an adapter trains.</summary>
public enum BiasTraining
{
    /// <summary>None.</summary>
    None,

    /// <summary>All of the model.</summary>
    All,

    /// <summary>Those of the modules that the adapter is put on.</summary>
    LoraOnly,
}

/// <summary>What a fresh low-rank adapter is made of.</summary>
public enum LoraInitial
{
    /// <summary>A is uniform in ±1/√in, B is 0: the model begins as the base model.</summary>
    Zero,

    /// <summary>A is uniform in ±1/√in, B in ±1/√r: the model begins changed.</summary>
    Random,

    /// <summary>A is normal with deviation 1/r, B is 0.</summary>
    Gaussian,

    /// <summary>A and B are normal in orthogonal subspaces, so that B·A = 0 though neither is.</summary>
    Orthogonal,

    /// <summary>The largest singular values of W with their vectors, which are taken off W (PiSSA,
    /// arXiv:2404.02948).</summary>
    Pissa,

    /// <summary>The first columns of Q and rows of R of W = Q·R, which are taken off W (OLoRA,
    /// arXiv:2406.01775).</summary>
    Olora,

    /// <summary>B is the left singular vectors of the smallest singular values of W and stays; A is 0 (MiCA,
    /// arXiv:2604.01694).</summary>
    Mica,
}
