using Hone.Algorithms;
using Hone.Torch;
using Hone.Training.Metrics;
using Hone.Training.Progress;
using Hone.Training.Ranks;
using Hone.Training.Recipes;

namespace Hone.Training.Methods;

/// <summary>Direct preference optimisation: each step is one update on the next pairs.</summary>
/// <param name="options">The method's options.</param>
/// <param name="context">What every method works with.</param>
/// <param name="train">The pairs to train on.</param>
/// <param name="evaluation">The pairs to evaluate on.</param>
/// <param name="openReference">Loads the model that the run began with.</param>
internal sealed class DpoMethod(
    DpoOptions options,
    TrainingContext context,
    PairSet train,
    PairSet? evaluation,
    Func<ReferencePolicy> openReference) : IMethod
{
    private readonly ReferenceCache _trained = new();
    private readonly ReferenceCache _evaluated = new();
    private ReferencePolicy? _reference;

    public long Rows => train.Pairs.Count;

    public long EvaluationRows => evaluation?.Pairs.Count ?? 0;

    public IReadOnlyList<string> Warnings => [.. train.Warnings.Union(evaluation?.Warnings ?? [])];

    private int PairsPerStep => context.Recipe.Batch.RowsPerStep;

    public void AddRows(RowDigest digest)
    {
        train.AddTo(digest);
        evaluation?.AddTo(digest);
    }

    /// <summary>Computes what the reference says, by the weights as they are where no step has changed them.</summary>
    public void Prepare(int done, CancellationToken cancel)
    {
        context.Clock.Enter(PhaseKind.LogProbs);
        using var reference = done == 0
            ? new ReferencePolicy(context.Decoder, adapters: null, owned: null)
            : openReference();
        if (evaluation is not null)
        {
            Fill(_evaluated, evaluation, EvaluatedPairs(evaluation), reference, cancel);
        }

        if (options.Reference == DpoReference.Precomputed)
        {
            // Those of steps that are done too: in other company the last bits of a row may differ, and so would a
            // resumed run.
            var pairs = Enumerable.Range(1, context.Recipe.Steps)
                .SelectMany(step => train.Order.RowsOfStep(step, PairsPerStep));
            Fill(_trained, train, pairs, reference, cancel);
        }
        else
        {
            _reference = openReference();
        }
    }

    public IReadOnlyList<TrainingSample> Step(int step, double rate, MetricSet metrics, CancellationToken cancel)
    {
        var pairs = train.Order.RowsOfStep(step, PairsPerStep);
        var examples = train.ExamplesOf(pairs);
        context.Clock.Enter(PhaseKind.LogProbs);
        var reference = _reference is null
            ? _trained.Of(pairs)
            : _reference.LogProbs(context, examples, temperature: 1, cancel);
        context.Clock.Enter(PhaseKind.Training);
        context.Observer.Phase(new StepPhase(step, PhaseKind.Training, 0));
        context.Updater.Update(examples, new DpoObjective(options, reference), rate, metrics, cancel);
        context.Clock.Enter(PhaseKind.Waiting);
        var shown = pairs.Take(context.Recipe.Logging.Samples);
        return [.. shown.Select(pair => context.Sample(step, train.Pairs[pair].Chosen))];
    }

    public void Evaluate(MetricSet metrics, CancellationToken cancel)
    {
        if (evaluation is null)
        {
            return;
        }

        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        int[] pairs = [.. EvaluatedPairs(evaluation)];
        var logProbs = context.LogProbs(context.Decoder, evaluation.ExamplesOf(pairs), temperature: 1, cancel);
        var (policy, sequences) = (Column(logProbs), Sequences.OfLengths([.. logProbs.Select(row => row.Length)]));
        var terms = new DpoObjective(options, []).Terms(policy, Column(_evaluated.Of(pairs)), sequences);
        metrics.Add("eval/loss", terms.Loss.Sum().Item(), pairs.Length);
        foreach (var metric in terms.Metrics)
        {
            var (sum, count) = metric.Mean();
            metrics.Add($"eval/{metric.Name}", sum, count);
        }
    }

    public void Dispose() => _reference?.Dispose();

    private IEnumerable<int> EvaluatedPairs(PairSet set) =>
        Enumerable.Range(0, context.EvaluationRows(set.Pairs.Count));

    private void Fill(
        ReferenceCache cache,
        PairSet set,
        IEnumerable<int> pairs,
        ReferencePolicy reference,
        CancellationToken cancel)
    {
        int[] missing = [.. pairs.Distinct().Order()];
        cache.Add(missing, reference.LogProbs(context, set.ExamplesOf(missing), temperature: 1, cancel));
    }

    private static Tensor Column(IReadOnlyList<float[]> rows) => Tensor.Of<float>([.. rows.SelectMany(row => row)]);
}
