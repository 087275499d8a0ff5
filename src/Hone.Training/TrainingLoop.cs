using Hone.Training.Metrics;
using Hone.Training.Progress;
using Hone.Training.Recipes;

namespace Hone.Training;

/// <summary>The steps of a run.</summary>
internal sealed class TrainingLoop(
    Recipe recipe, IRunOutput output, TrainingSession session, ITrainingObserver observer, TimeProvider time)
{
    private IReadOnlyDictionary<string, double> _metrics = new Dictionary<string, double>();
    private IReadOnlyDictionary<string, double> _evaluation = new Dictionary<string, double>();
    private int _saved;

    /// <summary>Goes from the steps that are done to the last one.</summary>
    public TrainingResult Run(int done, CancellationToken cancel)
    {
        _saved = done;
        try
        {
            session.Method.Prepare(done, cancel);
            session.Clock.Take();
            EvaluateIfDue(done, cancel);
            while (done < recipe.Steps)
            {
                session.Team.StopIfAsked(cancel);
                Step(done + 1, cancel);
                done++;
                session.IsEvaluationDue =
                    done == recipe.Steps || (recipe.Evaluation.Every > 0 && done % recipe.Evaluation.Every == 0);
                EvaluateIfDue(done, cancel);
                if (done < recipe.Steps && recipe.Checkpoints.Every > 0 && done % recipe.Checkpoints.Every == 0)
                {
                    Save(done);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested || session.Team.HasStopped)
        {
            // What a step was doing is lost, but no update: it begins again when the run is resumed.
            return Finished(new TrainingResult(done, Interrupted: true, Save(done), All()));
        }

        session.RequireSameState(done);
        output.WriteFinal(session.Trained.SaveFinal);
        return Finished(new TrainingResult(done, Interrupted: false, output.FinalPath, All()));
    }

    /// <summary>No rank leaves before rank 0 has written what there is to write.</summary>
    private TrainingResult Finished(TrainingResult result)
    {
        session.Team.Gather("");
        return result;
    }

    private void Step(int step, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var tokens = session.Updater.Tokens;
        var metrics = new MetricSet();
        var samples = session.Method.Step(step, session.Schedule.Rate(step - 1), metrics, cancel);
        var times = session.Clock.Take();
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        tokens = session.Updater.Tokens - tokens;
        foreach (var (phase, spent) in times)
        {
            metrics.Set($"time/{phase.ToString().ToLowerInvariant()}", spent);
        }

        metrics.Set("tokens_per_second", tokens / Math.Max(seconds, 1e-9));
        _metrics = metrics.ToDictionary(metric => metric.Key, metric => metric.Value.Mean);
        if (step % recipe.Logging.Every == 0 || step == recipe.Steps)
        {
            output.Write(step, metrics);
            foreach (var sample in samples)
            {
                output.Write(sample);
            }
        }

        observer.Stepped(new StepReport(step, _metrics, samples, seconds, tokens, times));
    }

    private void EvaluateIfDue(int step, CancellationToken cancel)
    {
        if (session.IsEvaluationDue)
        {
            Evaluate(step, cancel);
            session.IsEvaluationDue = false;
        }
    }

    private void Evaluate(int step, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var metrics = new MetricSet();
        session.Clock.Enter(PhaseKind.Evaluation);
        observer.Phase(new StepPhase(step, PhaseKind.Evaluation, 0));
        session.Method.Evaluate(metrics, cancel);
        session.Clock.Take();
        if (metrics.Count == 0)
        {
            return;
        }

        output.Write(step, metrics);
        _evaluation = metrics.ToDictionary(metric => metric.Key, metric => metric.Value.Mean);
        observer.Evaluated(new EvaluationReport(step, _evaluation, time.GetElapsedTime(started).TotalSeconds));
    }

    private string Save(int step)
    {
        session.RequireSameState(step);
        var path = output.Save(step, checkpoint => session.Save(checkpoint, step));
        if (_saved != step)
        {
            _saved = step;
            observer.Saved(step, path);
        }

        return path;
    }

    private Dictionary<string, double> All() => _metrics.Concat(_evaluation).ToDictionary();
}
