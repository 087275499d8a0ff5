using Hone.Models.Adapters;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>Runs the tokens of a batch through the model.</summary>
internal interface ITokenStep : IDisposable
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
            batch.Ids, batch.Positions, batch.Lengths, attention, batch.Inserted,
            AdapterPass.Of(batch.Uses));                                             // [token, hidden]
        var logits = decoder.Head.Logits(
            hidden.IndexSelect(0, batch.Wanted), AdapterPass.Of(batch.WantedUses)).Contiguous(); // [wanted, vocab]
        return (Fused.Sample(logits, choices), logits);
    }

    public void Dispose()
    {
    }
}

/// <summary>By one call over packed weights.</summary>
/// <param name="decoder">The model.</param>
/// <param name="weights">How weights are packed.</param>
internal sealed class FusedStep(Decoder decoder, GenerationWeights weights) : ITokenStep
{
    private readonly PackedAdapters _adapters = new(decoder);

    /// <summary>Whether adapters are part of the step; else their tokens are for another one.</summary>
    public bool Covers(AdapterCombination adapters) => adapters.IsNone || _adapters.Cover(adapters);

    public (ChosenTokens Chosen, Tensor Logits) Run(StepTensors batch, KeyValueCache cache, TokenChoices choices)
    {
        var model = decoder.Packed;
        var rotations = model.Rotations(batch.Positions, batch.Lengths);
        var arena = model.Arena(weights);
        var used = batch.Uses.Select(use => use.Adapters).Distinct().Where(adapters => !adapters.IsNone).ToList();
        return Fused.DecoderStep(
            arena,
            model.Embedding,
            cache.Keys,
            cache.Values,
            new DecoderBatch(
                batch.Ids,
                batch.BlockTable,
                batch.QueryStarts,
                batch.ContextLengths,
                batch.Wanted,
                rotations,
                [.. used.Select(adapters => _adapters.Of(adapters, arena))],
                Tensor.Of<int>([.. batch.Uses.Select(use => used.IndexOf(use.Adapters))])),
            choices);
    }

    public void Dispose() => _adapters.Dispose();
}
