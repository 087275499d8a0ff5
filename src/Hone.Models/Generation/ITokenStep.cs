using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>Runs the tokens of a batch through the model.</summary>
internal interface ITokenStep
{
    /// <summary>
    /// Computes the logits of the tokens that want them, <c>[wanted, vocab]</c>, and chooses tokens from them.
    /// </summary>
    public (ChosenTokens Chosen, Tensor Logits) Run(StepTensors batch, KeyValueCache cache, TokenChoices choices);
}

/// <summary>By the operators that training composes.</summary>
internal sealed class ComposedStep(Decoder decoder) : ITokenStep
{
    public (ChosenTokens Chosen, Tensor Logits) Run(StepTensors batch, KeyValueCache cache, TokenChoices choices)
    {
        var attention =
            new CachedAttention(cache, batch.Slots, batch.BlockTable, batch.QueryStarts, batch.ContextLengths);
        var hidden = decoder.Hidden(
            batch.Ids, batch.Positions, batch.Lengths, attention, batch.Inserted, batch.Adapters); // [token, hidden]
        var logits = decoder.Logits(hidden.IndexSelect(0, batch.Wanted), batch.WantedAdapters).Contiguous();              // [wanted, vocab]
        return (Fused.Sample(logits, choices), logits);
    }
}

/// <summary>By one call over packed weights; for tokens without adapters.</summary>
/// <param name="decoder">The model.</param>
/// <param name="weights">How weights are packed.</param>
internal sealed class FusedStep(Decoder decoder, GenerationWeights weights) : ITokenStep
{
    public (ChosenTokens Chosen, Tensor Logits) Run(StepTensors batch, KeyValueCache cache, TokenChoices choices)
    {
        var model = decoder.Packed;
        var rotations = model.Rotations(batch.Positions, batch.Lengths);
        return Fused.DecoderStep(
            model.Arena(weights),
            model.Embedding,
            cache.Keys,
            cache.Values,
            new DecoderBatch(
                batch.Ids, batch.BlockTable, batch.QueryStarts, batch.ContextLengths, batch.Wanted, rotations),
            choices);
    }
}
