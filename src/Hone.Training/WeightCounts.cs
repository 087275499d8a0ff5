using Hone.Models.Configuration;

namespace Hone.Training;

/// <summary>How many weights there are, and how many of them are trained.</summary>
/// <param name="All">Weights of the model.</param>
/// <param name="Trained">Weights that are trained, of the model or of the adapter.</param>
/// <param name="IsAdapter">Whether those are an adapter's, and the model's own stay as they are.</param>
internal sealed record WeightCounts(long All, long Trained, bool IsAdapter)
{
    /// <summary>What the fused step does not know about the adapter, in words that go on "its …".</summary>
    public IReadOnlyList<string> Obstacles { get; init; } = [];

    /// <summary>What of the model is kept in 4 bits.</summary>
    public CodedCounts Coded { get; init; } = new(0, 0, 0);

    /// <summary>The model that drafts answers; null: there is none.</summary>
    public DraftCounts? Draft { get; init; }
}

/// <summary>Weights that are kept as codes.</summary>
/// <param name="Weights">Their number.</param>
/// <param name="Bytes">Bytes of the codes and of their scales.</param>
/// <param name="Largest">The most weights of one matrix, which a product makes numbers of.</param>
internal sealed record CodedCounts(long Weights, long Bytes, long Largest);

/// <summary>A model that drafts what another one checks.</summary>
/// <param name="Config">Its architecture.</param>
/// <param name="Bytes">Bytes of its weights as they are held.</param>
internal sealed record DraftCounts(DecoderConfig Config, long Bytes);
