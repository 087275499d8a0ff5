namespace Hone.Torch;

/// <summary>Tokens that were chosen from logits.</summary>
/// <param name="Ids">int64 <c>[choice]</c>; <see cref="NotFinite"/> or <see cref="AllBanned"/> where none could
/// be.</param>
/// <param name="LogProbs">float32 <c>[choice]</c>: ln p of each by the softmax of the logits, divided by its
/// <see cref="TokenChoice.LogProbTemperature"/> and else unchanged.</param>
public sealed record ChosenTokens(Tensor Ids, Tensor LogProbs)
{
    /// <summary>The logits are not finite numbers.</summary>
    public const long NotFinite = -1;

    /// <summary>Every token is banned.</summary>
    public const long AllBanned = -2;
}
