using Hone.Models;
using Hone.Training.Metrics;
using Hone.Training.Progress;
using Hone.Training.Ranks;

namespace Hone.Training.Methods;

/// <summary>What a step of a run does: where its sequences come from, and what is minimised on them.</summary>
internal interface IMethod : IDisposable
{
    /// <summary>Rows that can be trained on.</summary>
    public long Rows { get; }

    /// <summary>Rows that can be evaluated on.</summary>
    public long EvaluationRows { get; }

    /// <summary>What is worth knowing of the rows before training on them, in words.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The model that drafts answers; null: there is none.</summary>
    public Decoder? Draft => null;

    /// <summary>Adds all rows to a hash.</summary>
    public void AddRows(RowDigest digest);

    /// <summary>Computes what all steps need, before the first that is to come.</summary>
    /// <param name="done">Steps that are done; with none the weights are those that the run begins with.</param>
    /// <param name="cancel">Asks to stop.</param>
    public void Prepare(int done, CancellationToken cancel)
    {
    }

    /// <summary>
    /// Does step <paramref name="step"/>, counted from 1. It depends on the weights and on the step's number alone.
    /// </summary>
    /// <returns>Some of what was trained on.</returns>
    public IReadOnlyList<TrainingSample> Step(int step, double rate, MetricSet metrics, CancellationToken cancel);

    /// <summary>Measures the model on held-out rows, into metrics that begin with <c>eval/</c>.</summary>
    public void Evaluate(MetricSet metrics, CancellationToken cancel);
}
