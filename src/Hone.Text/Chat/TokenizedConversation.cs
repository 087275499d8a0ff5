namespace Hone.Text;

/// <summary>A conversation as tokens.</summary>
/// <param name="Ids">The token ids.</param>
/// <param name="Trained">For each token whether the model is to produce it itself: it belongs to what the assistant
/// says, or ends such a turn.</param>
/// <param name="StopIds">The last trained token of each assistant turn: what the model learns to stop with. Empty where
/// none is trained.</param>
public sealed record TokenizedConversation(int[] Ids, bool[] Trained, int[] StopIds)
{
    /// <summary>Whether each assistant turn ends with a trained token of <paramref name="stopIds"/>, those that end
    /// generation. If not, the model does not learn to stop. A conversation without an assistant turn trains
    /// none.</summary>
    public bool TrainsStop(IReadOnlyCollection<int> stopIds) => StopIds.Length > 0 && StopIds.All(stopIds.Contains);
}
