using Hone.Algorithms;
using Hone.Conformance.Goldens;
using Hone.Torch;

namespace Hone.Conformance.Checks.Preference;

/// <summary>A recorded batch of logits as the product sees it: a hidden state for each trained target, and a
/// head.</summary>
/// <remarks>The logits take the place of hidden states and the identity that of the head, so that the product's own way
/// is gone.</remarks>
internal sealed class SupervisedBatch
{
    private const long NotTrained = -100;

    private readonly Tensor _hidden;
    private readonly Tensor _head;
    private readonly Tensor _targets;
    private readonly int[] _places;
    private readonly int _vocabulary;
    private readonly int _slots;
    private readonly int _columns;
    private double[] _terms = [];

    public SupervisedBatch(Field inputs)
    {
        var labels = inputs["labels"].Numbers.Select(label => (long)label).ToArray();
        var shape = inputs["logits"].Shape;
        (_slots, _columns, _vocabulary) = (labels.Length, (int)shape[1], (int)shape[2]);

        // The logits of place t say what follows: the label of t + 1 in the same row.
        _places = [.. Enumerable.Range(0, _slots)
            .Where(place => (place + 1) % _columns != 0 && labels[place + 1] != NotTrained)];
        Sequences = Sequences.OfLengths(_places.Length);
        var rows = inputs["logits"].Numbers.Chunk(_vocabulary).ToArray();
        var states = _places.SelectMany(place => rows[place]).Select(logit => (float)logit).ToArray();
        _hidden = Tensor.From<float>(states, _places.Length, _vocabulary);
        _hidden.RequiresGrad = true;
        _head = Tensor.From<float>([.. Identity(_vocabulary)], _vocabulary, _vocabulary);
        _targets = Tensor.Of<long>([.. _places.Select(place => labels[place + 1])]);
    }

    /// <summary>The targets, as one sequence: a token mean does not ask where rows begin.</summary>
    public Sequences Sequences { get; }

    /// <summary>The mean entropy at the targets.</summary>
    public MeanParts Entropy { get; private set; }

    /// <summary>How many targets are the likeliest token.</summary>
    public MeanParts Accuracy { get; private set; }

    /// <summary>The term of each place but the last of each row, 0 where nothing is trained.</summary>
    public double[] Terms
    {
        get
        {
            var terms = new double[_slots];
            for (var i = 0; i < _places.Length; i++)
            {
                terms[_places[i]] = _terms[i];
            }

            return [.. terms.Where((_, place) => (place + 1) % _columns != 0)];
        }
    }

    /// <summary>The gradient with respect to all logits of the record.</summary>
    public IEnumerable<double> Gradient
    {
        get
        {
            var gradient = new double[_slots * _vocabulary];
            var packed = _hidden.Grad?.ToArray<double>() ?? [];
            for (var i = 0; i < _places.Length && packed.Length > 0; i++)
            {
                packed.AsSpan(i * _vocabulary, _vocabulary).CopyTo(gradient.AsSpan(_places[i] * _vocabulary));
            }

            return gradient;
        }
    }

    /// <summary>Computes the batch's part of the loss and its gradient.</summary>
    public double Run(Field options, GlobalCounts counts)
    {
        var scores = Fused.LinearLogProbs(_hidden, _head, _targets);
        var terms = Compute(options, scores.LogProbs);                              // [token]
        var loss = new Aggregation.TokenMean().Reduce(terms, Sequences, counts);
        loss.Backward();
        _terms = terms.ToArray<double>();
        Entropy = new PolicyMetric("entropy", scores.Entropy.Detach(), RatioLevel.Token).Mean();
        var right = scores.Top.ToArray<long>().Zip(_targets.ToArray<long>(), (top, target) => top == target ? 1.0 : 0);
        Accuracy = MeanParts.Of([.. right]);
        return loss.Item();
    }

    private Tensor Compute(Field options, Tensor logProbs)
    {
        var smoothing = options.NumberOr("label_smoothing_factor", 0);
        return options.TextOr("loss_type", "nll") switch
        {
            "nll" when smoothing > 0 => SupervisedLoss.Smoothed(
                logProbs, SupervisedLoss.MeanLogProbs(logProbs, _hidden, _head, _targets), smoothing),
            "nll" => SupervisedLoss.NegativeLogLikelihood(logProbs),
            "dft" => SupervisedLoss.DynamicFineTuning(logProbs),
            var name => throw new GoldenException($"loss_type: the product has no \"{name}\""),
        };
    }

    private static IEnumerable<float> Identity(int size) =>
        Enumerable.Range(0, size * size).Select(i => i / size == i % size ? 1f : 0f);
}
