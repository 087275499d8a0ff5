namespace Hone.Text;

/// <summary>A conversation as tokens.</summary>
/// <param name="Ids">The token ids.</param>
/// <param name="Trained">For each token whether the model is to produce it itself: it belongs to what the assistant
/// says, or ends such a turn.</param>
/// <param name="StopIds">The last token of each trained part that is not white space alone: what the model learns to
/// stop with. Empty where nothing is trained.</param>
public sealed record TokenizedConversation(int[] Ids, bool[] Trained, int[] StopIds)
{
    /// <summary>What about the trained tokens is most likely not meant, in words; null for nothing.</summary>
    public string? Doubt { get; init; }

    /// <summary>Whether each assistant turn ends with a trained token of <paramref name="stopIds"/>, those that end
    /// generation. If not, the model does not learn to stop. A conversation without an assistant turn trains
    /// none.</summary>
    public bool TrainsStop(IReadOnlyCollection<int> stopIds) => StopIds.Length > 0 && StopIds.All(stopIds.Contains);
}
