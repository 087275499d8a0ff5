using System.Globalization;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;

namespace Hone.Training.Recipes.Adapters;

/// <summary>Low-rank adaptation, W + s·B·A (LoRA, arXiv:2106.09685).</summary>
public sealed record LoraOptions : TargetedAdapterOptions
{
    /// <summary>r, the rows of A and columns of B.</summary>
    [Interval("[1, ∞)")]
    public int Rank { get; init; } = 8;

    /// <summary>α; s is α/r.</summary>
    [Interval("(0, ∞)")]
    public double Alpha { get; init; } = 8;

    /// <summary>The probability that a number of a layer's input is dropped on its way through A.</summary>
    [Interval("[0, 1)")]
    public double Dropout { get; init; }

    /// <summary>Whether s is α/√r, so that high ranks learn as fast as low ones (rsLoRA, arXiv:2312.03732).</summary>
    public bool UseRslora { get; init; }

    /// <summary>Whether magnitude and direction of each output are learned apart (DoRA, arXiv:2402.09353).</summary>
    public bool UseDora { get; init; }

    /// <summary>r of some modules, by regular expressions of their names or the end of them after a dot; of several
    /// that fit the first in alphabetical order counts.</summary>
    public IReadOnlyDictionary<string, string> RankPattern { get; init; } = new Dictionary<string, string>();

    /// <summary>α of some modules, by regular expressions as in <c>rank_pattern</c>.</summary>
    public IReadOnlyDictionary<string, string> AlphaPattern { get; init; } = new Dictionary<string, string>();

    /// <summary>Which biases of the model are trained with it.</summary>
    public BiasTraining Bias { get; init; } = BiasTraining.None;

    /// <summary>Whether B has a bias of its own.</summary>
    public bool LoraBias { get; init; }

    /// <summary>What it begins with.</summary>
    public LoraInitial Init { get; init; } = LoraInitial.Zero;

    /// <summary>Ids of tokens whose embeddings are trained.</summary>
    [Interval("[0, ∞)")]
    public IReadOnlyList<int> TrainableTokens { get; init; } = [];

    /// <summary>Whether a head that is the embedding matrix shares what is trained of it.</summary>
    public bool EnsureWeightTying { get; init; }

    /// <summary>What the learning rate of B is divided by that of A (LoRA+, arXiv:2402.12354).</summary>
    [Interval("(0, ∞)")]
    public double LoraPlusRatio { get; init; } = 1;

    /// <summary>The learning rate of factors on an embedding, at the top of the schedule; by default that of
    /// A.</summary>
    [Interval("(0, ∞)")]
    public double? EmbeddingRate { get; init; }

    /// <summary>Whether A stays and the gradient of B is projected (LoRA-FA, arXiv:2308.03303).</summary>
    public bool FreezeA { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() =>
    [
        .. base.Problems(),
        .. PatternProblems("rank_pattern", RankPattern.Keys),
        .. PatternProblems("alpha_pattern", AlphaPattern.Keys),
        .. RankPattern.Where(one => Whole(one.Value) is null)
            .Select(one => $"rank_pattern.{one.Key}: must be a whole number from 1, got {one.Value}"),
        .. AlphaPattern.Where(one => Real(one.Value) is null)
            .Select(one => $"alpha_pattern.{one.Key}: must be a number above 0, got {one.Value}"),
        .. UseDora && Init is LoraInitial.Pissa or LoraInitial.Olora
            ? ["init: must leave the weights as they are with use_dora, got a start that is taken off them"]
            : Array.Empty<string>(),
    ];

    /// <inheritdoc/>
    internal override AdapterConfig ToConfig(DecoderConfig model, int updates) => new LoraConfig
    {
        Rank = Rank,
        Alpha = Alpha,
        Dropout = Dropout,
        Targets = Targets,
        RankPattern = Patterns(RankPattern, text => Whole(text)!.Value),
        AlphaPattern = Patterns(AlphaPattern, text => Real(text)!.Value),
        UseRsLora = UseRslora,
        UseDora = UseDora,
        Bias = Bias,
        LoraBias = LoraBias,
        Initial = Init,
        TrainableTokens = ValueList.Create<int>([.. TrainableTokens]),
        EnsureWeightTying = EnsureWeightTying,
        ModulesToSave = Saved,
    };

    private static ValueList<NamePattern<T>> Patterns<T>(
        IReadOnlyDictionary<string, string> texts, Func<string, T> read) =>
        [.. texts.OrderBy(one => one.Key, StringComparer.Ordinal).Select(
            one => new NamePattern<T>(one.Key, read(one.Value)))];

    private static int? Whole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : null;

    private static double? Real(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0
            && double.IsFinite(number) ? number : null;
}
