using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models;

/// <summary>Scores of a model whose head scores labels: rewards, classes, or every token.</summary>
public sealed class LabelScorer
{
    private readonly Decoder _decoder;
    private readonly LabelConfig _labels;

    /// <summary>Wraps a model.</summary>
    /// <param name="decoder">The model.</param>
    /// <exception cref="CheckpointException">Its head predicts tokens.</exception>
    public LabelScorer(Decoder decoder)
    {
        _decoder = decoder;
        _labels = decoder.Config.Labels
            ?? throw new CheckpointException(
                "scores of labels: the model must have a head that scores labels, its head predicts tokens");
    }

    /// <summary>Scores whole sequences; differentiable.</summary>
    /// <param name="sequences">The tokens of each; none of them empty.</param>
    /// <returns><c>[sequence, label]</c>, or <c>[token, label]</c> of all sequences one after the other where every
    /// token is scored.</returns>
    public Tensor Score(params int[][] sequences)
    {
        using var scope = TensorScope.Open();
        var hidden = _decoder.Hidden(TokenBatch.Of(sequences)); // [token, hidden]
        if (_labels.EachToken)
        {
            return scope.Keep(_decoder.Head.Logits(hidden));
        }

        var places = new long[sequences.Length];
        var start = 0;
        for (var i = 0; i < sequences.Length; i++)
        {
            places[i] = start + ScoredPlace(sequences[i]);
            start += sequences[i].Length;
        }

        return scope.Keep(_decoder.Head.Logits(hidden.IndexSelect(0, Tensor.From<long>(places, places.Length))));
    }

    // The last token that is not padding. Where a model pads with its end token, a sequence that ends in one is scored
    // before it: so the reference does, and so heads are trained.
    private int ScoredPlace(int[] tokens)
    {
        var place = Array.FindLastIndex(tokens, token => token != _labels.PadId);
        return place < 0 ? tokens.Length - 1 : place;
    }
}
