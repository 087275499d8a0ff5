using Hone.Algorithms;
using Hone.Data;
using Hone.Models;
using Hone.Torch;
using Hone.Training.Metrics;
using Hone.Training.Ranks;

namespace Hone.Training.Updates;

/// <summary>Moves a model's weights by one objective over a set of examples, in as many micro-batches as memory asks
/// for.</summary>
/// <remarks>The counts that the loss divides by are those of the whole update on all ranks, known before the first
/// backward pass: how the examples are divided among micro-batches and ranks changes neither loss nor
/// gradient.</remarks>
/// <param name="decoder">The model.</param>
/// <param name="optimizer">Its weights' moments.</param>
/// <param name="tokensPerMicroBatch">Tokens that go through the model at once, at most.</param>
/// <param name="team">The ranks that divide an update among them.</param>
/// <param name="gradients">Sums the gradients of the ranks.</param>
public sealed class ModelUpdater(
    Decoder decoder, OptimizerState optimizer, int tokensPerMicroBatch, RankTeam team, IGradientSum gradients)
{
    /// <summary>Updates on this process alone.</summary>
    /// <inheritdoc cref="ModelUpdater(Decoder, OptimizerState, int, RankTeam, IGradientSum)"/>
    public ModelUpdater(Decoder decoder, OptimizerState optimizer, int tokensPerMicroBatch)
        : this(decoder, optimizer, tokensPerMicroBatch, new RankTeam(new LoneRank()), new LoneRank().SumOf([]))
    {
    }

    /// <summary>Whether activations are computed again in the backward pass instead of kept.</summary>
    public bool Recompute { get; init; }

    /// <summary>Tokens of the sequences trained on so far, on all ranks.</summary>
    public long Tokens { get; private set; }

    /// <summary>Tokens that went through the model of this rank in training: fewer, where sequences share a
    /// beginning.</summary>
    public long ComputedTokens { get; private set; }

    /// <summary>Whether it is the model's own weights that are moved, and not an adapter's.</summary>
    public bool MovesModel { get; init; } = true;

    /// <summary>What the draws of dropout begin with; null to drop nothing. What is dropped of a token follows from
    /// this, the number of the update, the example and the token's place in it.</summary>
    public ulong? DropoutSeed { get; init; }

    /// <summary>What takes part in every update beside the objective.</summary>
    internal IUpdatePart? Part { get; init; }

    /// <summary>One update, on all ranks together.</summary>
    /// <param name="examples">What to train on, the same on every rank; each takes its share.</param>
    /// <param name="objective">What to minimise.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="metrics">Where the metrics go.</param>
    /// <param name="cancel">Stops between two micro-batches, leaving the weights as they are.</param>
    public void Update(
        IReadOnlyList<TrainingExample> examples, IObjective objective, double rate, MetricSet metrics,
        CancellationToken cancel)
    {
        optimizer.ZeroGradients();
        var (own, before) = (new MetricSet(), Tokens);
        var rows = RowsOf(examples, RowShares.Of(examples, RulesFor(objective), team.Count)[team.Rank], objective);
        Begin(rows);
        var penalty = AddPenalty(own);
        var loss = penalty + Accumulate(rows, objective, CountsOf(examples), own, cancel);
        gradients.Finish();
        var part = new UpdatePart(loss, optimizer.GradientNorm(), Tokens - before, own);
        var all = team.Merge(part, cancel);
        Tokens = before + all.Tokens;
        Step(rate, all.GradientNorm, metrics);
        metrics.Add(all.Metrics);
        metrics.Add("loss", all.Loss, 1);
        metrics.Add("grad_norm", all.GradientNorm, 1);
        metrics.Add("learning_rate", rate, 1);
    }

    /// <summary>What the examples of an update contain.</summary>
    public static GlobalCounts CountsOf(IReadOnlyList<TrainingExample> examples) =>
        new(examples.Sum(example => (double)example.TrainedTokens), examples.Count);

    /// <summary>Adds the gradient of the objective over some of an update's examples to what the weights have
    /// already.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="objective">What to minimise.</param>
    /// <param name="counts">What the whole update contains.</param>
    /// <param name="metrics">Where the metrics go.</param>
    /// <param name="cancel">Stops between two micro-batches.</param>
    /// <returns>The part of the loss that these examples contribute.</returns>
    public double Accumulate(
        IReadOnlyList<TrainingExample> examples,
        IObjective objective,
        GlobalCounts counts,
        MetricSet metrics,
        CancellationToken cancel) =>
        Accumulate(
            RowsOf(examples, [.. Enumerable.Range(0, examples.Count)], objective), objective, counts, metrics, cancel);

    /// <summary>Lets go of memory that is kept for the next update only, since something else needs room
    /// before.</summary>
    public void MakeRoom() => gradients.MakeRoom();

    /// <summary>The micro-batches of a share of the examples.</summary>
    private List<PackedRow> RowsOf(IReadOnlyList<TrainingExample> examples, int[] share, IObjective objective)
    {
        TrainingExample[] own = [.. share.Select(i => examples[i])];
        return [.. MicroBatches.Of(own, RulesFor(objective)).Select(row => Renamed(row, share))];
    }

    // The first gradients are as wide as products; with the second they become as wide as the weights.
    private void Begin(List<PackedRow> rows)
    {
        int[] tokens = [.. rows.Where(row => row.TrainedTokens > 0).Select(row => row.Length)];
        var narrow = Math.Min(tokens.Length, decoder.ComputeType == DType.Float32 ? 1 : 2);
        gradients.Begin(tokens[..narrow].DefaultIfEmpty().Max(), tokens[narrow..].DefaultIfEmpty().Max());
    }

    /// <summary>The same over micro-batches; after its last backward pass nothing is to come on this rank.</summary>
    private double Accumulate(
        List<PackedRow> rows,
        IObjective objective,
        GlobalCounts counts,
        MetricSet metrics,
        CancellationToken cancel)
    {
        var atOnce = KeptLogProbs.TargetsAtOnce(decoder.Config.VocabularySize, decoder.ComputeType);
        var head = new HeadPass(decoder, objective, counts, metrics, atOnce);
        var loss = 0.0;
        var last = rows.FindLastIndex(row => row.TrainedTokens > 0);
        foreach (var (i, row) in rows.Index())
        {
            if (cancel.IsCancellationRequested && team.Count > 1)
            {
                return loss; // the ranks learn of it when they merge, and stop together
            }

            cancel.ThrowIfCancellationRequested();
            using var scope = TensorScope.Open();
            var batch = WithDropout(MicroBatch.Of(row), row);
            Tokens += batch.SequenceTokens;
            ComputedTokens += batch.TokenCount;
            if (batch.Sequences.Tokens == 0)
            {
                continue;
            }

            var pass = decoder.Begin(batch.Tokens, Recompute);
            var states = pass.Hidden.Detach().IndexSelect(0, batch.Places);         // [target, hidden]
            var (part, gradient) = head.Run(states, batch);
            loss += part;
            if (i == last && pass.Root is { RequiresGrad: true } root)
            {
                gradients.Arm(root);
            }

            pass.Backward(Spread(gradient, batch.Places, pass.Hidden));
        }

        return loss;
    }

    /// <summary>The gradients of the states at their places, <c>[token, hidden]</c>; in float32 where a place predicts
    /// several targets.</summary>
    private static Tensor Spread(Tensor gradient, Tensor places, Tensor hidden)
    {
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var sums = Tensor.Zeros(DType.Float32, hidden.Shape).IndexAdd(0, places, gradient.To(DType.Float32)); // [token, hidden]
        return scope.Keep(sums.To(hidden.DType));
    }

    private MicroBatchRules RulesFor(IObjective objective)
    {
        var rules = ModelScorer.RulesFor(decoder, tokensPerMicroBatch, objective.ExamplesTogether);
        // each example drops something else of a prompt
        return DropoutSeed is null ? rules : rules with { LeastShared = 0 };
    }

    /// <summary>The pieces of a share's rows by their numbers in the whole update.</summary>
    private static PackedRow Renamed(PackedRow row, int[] share) =>
        row with { Pieces = [.. row.Pieces.Select(piece => piece with { Example = share[piece.Example] })] };

    // Before the micro-batches: behind the last of them gradients are summed over ranks.
    private double AddPenalty(MetricSet metrics)
    {
        if (Part is null)
        {
            return 0;
        }

        using var scope = TensorScope.Open();
        var penalty = Part.Penalty();
        penalty.Backward();
        metrics.Add("penalty", penalty.Item(), 1);
        return penalty.Item();
    }

    private MicroBatch WithDropout(MicroBatch batch, PackedRow row)
    {
        if (DropoutSeed is not { } seed)
        {
            return batch;
        }

        var examples = row.Pieces.SelectMany(piece => Enumerable.Repeat(piece.Example, piece.Length));
        var key = new DropoutKey(seed, (uint)optimizer.Updates + 1, [.. examples], row.Positions);
        return batch with { Tokens = batch.Tokens with { Dropout = key } };
    }

    private void Step(double rate, double norm, MetricSet metrics)
    {
        using var scope = TensorScope.Open();
        optimizer.Step(
            rate,
            norm,
            MovesModel ? decoder.ComputeCopies() : [],
            factor => Part?.AfterStep(optimizer.Updates, factor, metrics));
        decoder.WeightsChanged(withCopies: MovesModel);
    }
}
