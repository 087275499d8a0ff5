using Hone.Algorithms;
using Hone.Data;
using Hone.Models;
using Hone.Torch;
using Hone.Training.Metrics;

namespace Hone.Training.Updates;

/// <summary>Moves a model's weights by one objective over a set of examples, in as many micro-batches as memory asks for.</summary>
/// <remarks>The counts that the loss divides by are those of the whole update, known before the first backward pass: how the
/// examples are divided changes neither loss nor gradient.</remarks>
/// <param name="decoder">The model.</param>
/// <param name="optimizer">Its weights' moments.</param>
/// <param name="tokensPerMicroBatch">Tokens that go through the model at once, at most.</param>
public sealed class ModelUpdater(Decoder decoder, OptimizerState optimizer, int tokensPerMicroBatch)
{
    /// <summary>Tokens that went through the model in training so far.</summary>
    public long Tokens { get; private set; }

    /// <summary>One update.</summary>
    /// <param name="examples">What to train on.</param>
    /// <param name="objective">What to minimise.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="metrics">Where the metrics go.</param>
    /// <param name="cancel">Stops between two micro-batches, leaving the weights as they are.</param>
    public void Update(
        IReadOnlyList<TrainingExample> examples, IObjective objective, double rate, MetricSet metrics, CancellationToken cancel)
    {
        optimizer.ZeroGradients();
        metrics.Add("loss", Accumulate(examples, objective, CountsOf(examples), metrics, cancel), 1);
        metrics.Add("grad_norm", optimizer.Step(rate), 1);
        metrics.Add("learning_rate", rate, 1);
        decoder.WeightsChanged();
    }

    /// <summary>What the examples of an update contain.</summary>
    public static GlobalCounts CountsOf(IReadOnlyList<TrainingExample> examples) =>
        new(examples.Sum(example => (double)example.TrainedTokens), examples.Count);

    /// <summary>Adds the gradient of the objective over some of an update's examples to what the weights have already.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="objective">What to minimise.</param>
    /// <param name="counts">What the whole update contains.</param>
    /// <param name="metrics">Where the metrics go.</param>
    /// <param name="cancel">Stops between two micro-batches.</param>
    /// <returns>The part of the loss that these examples contribute.</returns>
    public double Accumulate(
        IReadOnlyList<TrainingExample> examples, IObjective objective, GlobalCounts counts, MetricSet metrics, CancellationToken cancel)
    {
        var loss = 0.0;
        foreach (var row in MicroBatches.Of(examples, tokensPerMicroBatch))
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = TensorScope.Open();
            var batch = MicroBatch.Of(row);
            Tokens += batch.TokenCount;
            if (batch.Sequences.Tokens == 0)
            {
                continue;
            }

            var scores = ModelScorer.Score(decoder, batch, objective.Temperature);
            var terms = objective.Compute(scores, batch);
            var part = objective.Aggregation.Reduce(terms.Loss, batch.Sequences, counts);
            part.Backward();
            loss += part.Item();
            Record(metrics, terms, scores, batch.Sequences);
        }

        return loss;
    }

    private static void Record(MetricSet metrics, PolicyTerms terms, TargetScores scores, Sequences sequences)
    {
        using var still = Autograd.NoGrad();
        metrics.Add("entropy", scores.Entropy.Sum().Item(), sequences.Tokens);
        metrics.Add("mean_token_accuracy", scores.CountLikeliest(), sequences.Tokens);
        foreach (var metric in terms.Metrics)
        {
            Record(metrics, metric, sequences);
        }
    }

    /// <summary>Means add up over micro-batches; of extremes the more extreme stays.</summary>
    private static void Record(MetricSet metrics, PolicyMetric metric, Sequences sequences)
    {
        if (metric.Statistic == Statistic.Mean)
        {
            var (sum, count) = metric.Mean();
            metrics.Add(metric.Name, sum, count);
            return;
        }

        var (lowest, highest) = metric.Range(sequences);
        var before = metrics[metric.Name];
        metrics.Set(metric.Name, (metric.Statistic, before.Count) switch
        {
            (Statistic.Lowest, 0) => lowest,
            (Statistic.Lowest, _) => Math.Min(before.Mean, lowest),
            (Statistic.Highest, 0) => highest,
            (Statistic.Highest, _) => Math.Max(before.Mean, highest),
            _ => throw new InvalidOperationException($"there is no statistic {metric.Statistic}"),
        });
    }
}
