using Hone.Data;
using Hone.Training.Metrics;
using Hone.Training.Progress;
using Hone.Training.Ranks;
using Hone.Training.Recipes;

namespace Hone.Training.Methods;

/// <summary>Supervised fine-tuning: each step is one update on the next rows.</summary>
internal sealed class SftMethod(
    SftOptions options, TrainingContext context, ExampleSet train, ExampleSet? evaluation) : IMethod
{
    private readonly SftObjective _objective = new(options);

    public long Rows => train.Examples.Count;

    public long EvaluationRows => evaluation?.Examples.Count ?? 0;

    public IReadOnlyList<string> Warnings => [.. train.Warnings.Union(evaluation?.Warnings ?? [])];

    public void AddRows(RowDigest digest)
    {
        train.AddTo(digest);
        evaluation?.AddTo(digest);
    }

    public IReadOnlyList<TrainingSample> Step(int step, double rate, MetricSet metrics, CancellationToken cancel)
    {
        context.Clock.Enter(PhaseKind.Training);
        context.Observer.Phase(new StepPhase(step, PhaseKind.Training, 0));
        var rows = train.Order.RowsOfStep(step, context.Recipe.Batch.RowsPerStep);
        context.Updater.Update([.. rows.Select(row => train.Examples[row])], _objective, rate, metrics, cancel);
        context.Clock.Enter(PhaseKind.Waiting);
        return [.. rows.Take(context.Recipe.Logging.Samples).Select(row => context.Sample(step, train.Examples[row]))];
    }

    public void Evaluate(MetricSet metrics, CancellationToken cancel)
    {
        if (evaluation is null)
        {
            return;
        }

        TrainingExample[] rows = [.. evaluation.Examples.Take(context.EvaluationRows(evaluation.Examples.Count))];
        var logProbs = context.LogProbs(context.Decoder, rows, _objective.Temperature, cancel);
        foreach (var row in logProbs)
        {
            foreach (var logProb in row)
            {
                metrics.Add("eval/loss", -logProb, 1);
            }
        }
    }

    public void Dispose()
    {
    }
}
