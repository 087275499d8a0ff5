using Hone.Algorithms.Optimizers;
using Hone.Torch;

namespace Hone.Training.Updates;

/// <summary>The trained weights of a model with their moments: AdamW over all of them, the gradient clipped to a
/// norm.</summary>
/// <remarks>Weights are float32, whatever products are computed in; moments too, or in 8 bits
/// (arXiv:2110.02861).</remarks>
public sealed class OptimizerState : IDisposable
{
    private readonly Adam _rule;
    private readonly double _clipNorm;
    private readonly Slot[] _slots;

    /// <summary>Moments of zero for every weight.</summary>
    /// <param name="parameters">The weights by name, in a fixed order. They are borrowed.</param>
    /// <param name="rule">The update; its decay acts on the weights that <see cref="DecayGroups"/> says.</param>
    /// <param name="clipNorm">The longest gradient; 0 for no clipping.</param>
    /// <param name="ownRule">What a weight has of its own; null for what <see cref="DecayGroups"/> says.</param>
    /// <param name="inEightBits">Whether moments of large weights are kept in 8 bits.</param>
    public OptimizerState(
        IEnumerable<KeyValuePair<string, Tensor>> parameters,
        Adam rule,
        double clipNorm,
        Func<string, Tensor, WeightRule>? ownRule = null,
        bool inEightBits = false)
    {
        _rule = rule;
        _clipNorm = clipNorm;
        using var still = Autograd.NoGrad();
        _slots = [.. parameters.Select(parameter => new Slot(
            parameter.Key,
            parameter.Value,
            MomentPair.Of(parameter.Value, inEightBits && parameter.Value.IsContiguous),
            ownRule?.Invoke(parameter.Key, parameter.Value) ?? new WeightRule(DecayGroups.Decays(parameter.Key))))];
    }

    /// <summary>Updates made so far.</summary>
    public long Updates { get; private set; }

    /// <summary>The weights, in their fixed order.</summary>
    public IReadOnlyList<Tensor> Parameters => [.. _slots.Select(slot => slot.Parameter)];

    /// <summary>Weights that are trained.</summary>
    public long Count => _slots.Sum(slot => slot.Parameter.Count);

    /// <summary>Every moment by a name that begins with <c>first.</c> or <c>second.</c>, for a checkpoint; of moments
    /// in 8 bits these are the codes, and <c>first_scale.</c> and <c>second_scale.</c> go with them.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Moments =>
        _slots.SelectMany(
            slot => slot.Moments.Tensors.Select(part => KeyValuePair.Create(part.Prefix + slot.Name, part.Value)));

    /// <summary>Forgets the gradients.</summary>
    public void ZeroGradients()
    {
        foreach (var slot in _slots)
        {
            slot.Parameter.Grad = null;
        }
    }

    /// <summary>The norm of the gradient that the weights have.</summary>
    public double GradientNorm()
    {
        using var scope = TensorScope.Open();
        return Math.Sqrt(Fused.SumOfSquares([.. _slots.Select(slot => slot.Parameter.Grad).OfType<Tensor>()]).Item());
    }

    /// <summary>Moves the weights by the gradients they have, then forgets these.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <returns>The norm of the gradient before it was clipped.</returns>
    /// <exception cref="TrainingException">The gradient is not finite; the weights are as they were.</exception>
    public double Step(double rate)
    {
        var norm = GradientNorm();
        Step(rate, norm);
        return norm;
    }

    /// <summary>Moves the weights by a gradient whose norm is known: ranks must clip by the same number to the last
    /// bit.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="norm">The norm of the gradient.</param>
    /// <param name="copies">For each weight a bfloat16 copy that is written in the same pass, or null; empty for
    /// none.</param>
    /// <exception cref="TrainingException">The gradient is not finite; the weights are as they were.</exception>
    public void Step(double rate, double norm, params IReadOnlyList<Tensor?> copies) =>
        Step(rate, norm, copies, _ => { });

    /// <summary>The same, and says when the weights have moved and the gradients are still there.</summary>
    /// <inheritdoc cref="Step(double, double, IReadOnlyList{Tensor})"/>
    /// <param name="rate">The learning rate.</param>
    /// <param name="norm">The norm of the gradient.</param>
    /// <param name="copies">The copies.</param>
    /// <param name="moved">Is called with what gradients were multiplied by.</param>
    public void Step(double rate, double norm, IReadOnlyList<Tensor?> copies, Action<double> moved)
    {
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        Move[] moves = [.. _slots
            .Select((slot, i) => (Slot: slot, Copy: copies is [] ? null : copies[i]))
            .Where(weight => weight.Slot.Parameter.Grad is not null)
            .Select(weight => new Move(weight.Slot, weight.Slot.Gradient, weight.Copy))];
        if (!double.IsFinite(norm))
        {
            throw new TrainingException(
                $"update {Updates + 1}: the gradient must be finite, its norm is {norm}; "
                + "lower optimizer.learning_rate or look for odd rows");
        }

        Updates++;
        var factor = _clipNorm > 0 ? GradientClipping.Factor(norm, _clipNorm) : 1;
        foreach (var group in moves.Where(move => move.Slot.Parameter.IsContiguous).GroupBy(
            move => move.Slot.Own.RateFactor))
        {
            var step = new AdamWStep(rate * group.Key, _rule.Beta1, _rule.Beta2, _rule.Epsilon, Updates, factor);
            MoveDense([.. group.Where(move => move.Slot.Moments is MomentPair.Dense)], step);
            MoveCoded([.. group.Where(move => move.Slot.Moments is MomentPair.Coded)], step);
        }

        foreach (var move in moves.Where(move => !move.Slot.Parameter.IsContiguous))
        {
            MoveView(move, rate, factor);
        }

        moved(factor);
        ZeroGradients();
    }

    // A transposed view of another weight: the fused step wants rows that follow each other.
    private void MoveView(Move move, double rate, double factor)
    {
        var (slot, moments) = (move.Slot, (MomentPair.Dense)move.Slot.Moments);
        var rule = slot.Own.Decays ? _rule : _rule with { WeightDecay = 0 };
        rule.Update(
            slot.Parameter, move.Gradient * factor, [moments.First, moments.Second],
            rate * slot.Own.RateFactor, Updates);
    }

    /// <summary>Takes over what a checkpoint holds.</summary>
    /// <param name="updates">Updates made when it was written.</param>
    /// <param name="read">Finds a moment by its name.</param>
    public void Restore(long updates, Func<string, Tensor> read)
    {
        using var still = Autograd.NoGrad();
        Updates = updates;
        foreach (var (name, moment) in Moments)
        {
            using var scope = TensorScope.Open();
            moment.CopyFrom(read(name));
        }
    }

    /// <summary>Frees the moments.</summary>
    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Moments.Dispose();
        }
    }

    private void MoveDense(Move[] moves, AdamWStep step)
    {
        if (moves is [])
        {
            return;
        }

        var (parameters, gradients, decay) = Columns(moves);
        var moments = Array.ConvertAll(moves, move => (MomentPair.Dense)move.Slot.Moments);
        Fused.AdamW(
            parameters,
            gradients,
            Array.ConvertAll(moments, pair => pair.First),
            Array.ConvertAll(moments, pair => pair.Second),
            shadows: Shadows(Array.ConvertAll(moves, move => move.Copy)),
            decay,
            step);
    }

    private void MoveCoded(Move[] moves, AdamWStep step)
    {
        if (moves is [])
        {
            return;
        }

        var (parameters, gradients, decay) = Columns(moves);
        var moments = Array.ConvertAll(moves, move => (MomentPair.Coded)move.Slot.Moments);
        Fused.AdamW8Bit(
            parameters,
            gradients,
            Array.ConvertAll(moments, pair => pair.First),
            Array.ConvertAll(moments, pair => pair.Second),
            decay,
            step);
        foreach (var move in moves)
        {
            move.Copy?.CopyFrom(move.Slot.Parameter);
        }
    }

    private (Tensor[] Parameters, Tensor[] Gradients, double[] Decay) Columns(Move[] moves) => (
        Array.ConvertAll(moves, move => move.Slot.Parameter),
        Array.ConvertAll(moves, move => move.Gradient),
        Array.ConvertAll(moves, move => move.Slot.Own.Decays ? _rule.WeightDecay : 0));

    private static Tensor[] Shadows(Tensor?[] copies)
    {
        if (Array.TrueForAll(copies, copy => copy is null))
        {
            return [];
        }

        var none = Tensor.Empty(DType.BFloat16, 0);
        return Array.ConvertAll(copies, copy => copy ?? none);
    }

    private sealed record Slot(string Name, Tensor Parameter, MomentPair Moments, WeightRule Own)
    {
        public Tensor Gradient => Own.Projection?.Invoke(Parameter.Grad!) ?? Parameter.Grad!;
    }

    private sealed record Move(Slot Slot, Tensor Gradient, Tensor? Copy);
}
