using Hone.Algorithms.Optimizers;
using Hone.Data;
using Hone.Models;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Metrics;
using Hone.Training.Ranks;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Training.Tests.Ranks;

public sealed class OwnGradientsTests
{
    private const int Length = 24;
    private const long PartOfProduct = 8 << 20; // bytes of a product that are made at once

    private const long Rounding = 20 * 64; // each of the weights' places begins at a line of a cache

    private static readonly SftObjective Objective = new(new SftOptions());

    [Theory]
    [InlineData(DType.Float32, false)]
    [InlineData(DType.Float32, true)]
    [InlineData(DType.BFloat16, false)]
    public void Memory_that_stays_changes_no_bit_and_no_peak(DType compute, bool recompute)
    {
        // micro-batches of equal size; with one alone, and in bfloat16 with two, nothing stays
        int[] updates = [4, 4, 1, 3, 2, 4];
        var gone = Train(compute, recompute, updates, stays: false);
        var kept = Train(compute, recompute, updates, stays: true);

        Assert.Equal(gone.Weights, kept.Weights);
        Assert.Equal(gone.Metrics, kept.Metrics);
        Assert.InRange(kept.Peak, 1, gone.Peak + Rounding);
        var two = compute == DType.Float32;
        Assert.Equal([true, true, false, true, two, true], kept.Stays);
        Assert.All(gone.Stays, Assert.False);
    }

    [Fact]
    public void Updates_after_the_first_make_no_tensor_of_a_gradients_size()
    {
        // Matrices of 128 x 24,576 numbers, 12 MiB: more than a part of a product, and than the activations of 24
        // tokens.
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder(change: config => config with
        {
            HiddenSize = 128,
            FeedForward = config.FeedForward with { InnerSize = 24576 },
        });
        using var optimizer = new OptimizerState(decoder.Parameters, new Adam(), clipNorm: 1);
        using var gradients = new LoneRank().SumOf(optimizer.Parameters);
        var updater = Updater(decoder, optimizer, gradients, recompute: false);
        List<(long Largest, long Live)> found = [];
        for (var update = 0; update < 4; update++)
        {
            TensorMemory.ResetPeak();
            updater.Update(Examples(3), Objective, rate: 0.01, new MetricSet(), CancellationToken.None);
            found.Add((TensorMemory.Largest, TensorMemory.Live));
        }

        Assert.InRange(found[0].Largest, GradientMemory.CountOf(optimizer.Parameters) * sizeof(float), long.MaxValue);
        Assert.All(found[1..], update => Assert.InRange(update.Largest, 1, PartOfProduct));
        Assert.All(found[1..], update => Assert.Equal(found[0].Live, update.Live));
    }

    [Fact]
    public void Memory_does_not_stay_beside_more_than_it_lay_beside_before()
    {
        using var scope = TensorScope.Open();
        var weight = Tensor.Zeros(DType.Float32, 1 << 18);
        weight.RequiresGrad = true;
        var before = TensorMemory.Live;
        using var gradients = new LoneRank().SumOf([weight]);

        Assert.False(StaysIn(before: 10, beside: 9));
        Assert.True(StaysIn(before: 9, beside: 3)); // the 9 of the update before
        Assert.False(StaysIn(before: 9, beside: 0));
        Assert.True(StaysIn(before: 8, beside: 8));
        Assert.True(StaysIn(before: 10, beside: 10));
        gradients.MakeRoom();
        Assert.Equal(before, TensorMemory.Live);

        bool StaysIn(int before, int beside)
        {
            gradients.Begin(before, beside);
            return HasPlace(weight);
        }
    }

    /// <summary>Whether the gradient of a weight lands in memory of its own, and is not taken over.</summary>
    private static bool HasPlace(Tensor weight)
    {
        using var scope = TensorScope.Open();
        var gradient = Tensor.Ones(DType.Float32, weight.Shape);
        Fused.AddGradient(weight, gradient);
        var hasPlace = weight.Grad!.AsSpan<float>() != gradient.AsSpan<float>();
        weight.Grad = null;
        return hasPlace;
    }

    private static Trained Train(DType compute, bool recompute, int[] updates, bool stays)
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder(compute);
        using var optimizer = new OptimizerState(decoder.Parameters, new Adam(), clipNorm: 1);
        using var gradients = new LoneRank().SumOf(stays ? optimizer.Parameters : []);
        var updater = Updater(decoder, optimizer, gradients, recompute);
        var metrics = new List<string>();
        var kept = new List<bool>();
        var before = TensorMemory.Live;
        TensorMemory.ResetPeak();
        foreach (var count in updates)
        {
            var found = new MetricSet();
            updater.Update(Examples(count), Objective, rate: 0.01, found, CancellationToken.None);
            metrics.Add(string.Join(' ', found.Select(metric => $"{metric.Key}={metric.Value.Sum:R}")));
            kept.Add(HasPlace(optimizer.Parameters[0]));
        }

        return new Trained(
            [.. optimizer.Parameters.SelectMany(weight => weight.ToArray<float>())], metrics, kept,
            TensorMemory.Peak - before);
    }

    private static ModelUpdater Updater(
        Decoder decoder, OptimizerState optimizer, IGradientSum gradients, bool recompute) =>
        new(decoder, optimizer, Length, new RankTeam(new LoneRank()), gradients) { Recompute = recompute };

    private static TrainingExample[] Examples(int count) => [.. Enumerable.Range(0, count).Select(i => Tiny.Example(
        1, [.. Enumerable.Range(0, Length).Select(token => ((token * (i + 3)) + i) % Tiny.Vocabulary)]))];

    private sealed record Trained(float[] Weights, List<string> Metrics, List<bool> Stays, long Peak);
}
