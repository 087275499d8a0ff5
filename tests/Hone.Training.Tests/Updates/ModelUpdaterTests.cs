using Hone.Algorithms;
using Hone.Algorithms.Optimizers;
using Hone.Data;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Metrics;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Training.Tests.Updates;

public sealed class ModelUpdaterTests
{
    private const int Longest = 11;

    private static readonly int[] InOrder = [0, 1, 2, 3, 4, 5, 6];

    private static readonly int[] Mixed = [5, 2, 6, 0, 3, 1, 4];

    public static TheoryData<string> Objectives => ["nll", "smoothed", "dft", "grpo", "dr_grpo", "dapo"];

    [Theory]
    [MemberData(nameof(Objectives))]
    public void Loss_and_every_gradient_are_the_same_for_every_split_and_every_order(string objective)
    {
        var whole = Measure(objective, [InOrder], tokens: 100);

        RequireSame(whole, Measure(objective, [InOrder], Longest));
        RequireSame(whole, Measure(objective, [InOrder], tokens: 17));
        RequireSame(whole, Measure(objective, [InOrder], tokens: 30));
        RequireSame(whole, Measure(objective, [Mixed], tokens: 17));
        RequireSame(whole, Measure(objective, [Mixed], tokens: 100));
    }

    [Theory]
    [MemberData(nameof(Objectives))]
    public void The_parts_of_an_update_add_up_to_the_whole(string objective) => RequireSame(
        Measure(objective, [InOrder], tokens: 100),
        Measure(objective, [[5], [0, 1, 2], [6, 4, 3]], tokens: 20));

    [Fact]
    public void Metrics_are_sums_and_counts_that_no_split_changes()
    {
        var whole = Measure("dapo", [InOrder], tokens: 100).Metrics;
        var parts = Measure("dapo", [Mixed], Longest).Metrics;

        Assert.Equal(whole.Select(metric => metric.Key), parts.Select(metric => metric.Key));
        foreach (var (name, (sum, count)) in whole)
        {
            Assert.Equal(count, parts[name].Count);
            Assert.Equal(sum, parts[name].Sum, 1e-5 * Math.Max(1, Math.Abs(sum)));
        }

        // Targets of the examples that are trained: 3 + 6 + 2 + 5 + 8 + 4 (the fifth is masked).
        Assert.Equal(28, whole["entropy"].Count);
        Assert.Equal(28, whole["mean_token_accuracy"].Count);
        Assert.Equal(28, whole["kl"].Count);
    }

    [Fact]
    public void What_is_masked_may_be_NaN()
    {
        var clean = Measure("dapo", [InOrder], tokens: 100, masked: 0.5f);

        RequireSame(clean, Measure("dapo", [InOrder], tokens: 100, masked: float.NaN));
        RequireSame(clean, Measure("dapo", [InOrder], Longest, masked: float.NaN));
    }

    [Fact]
    public void An_update_that_is_called_off_between_two_micro_batches_leaves_the_weights_as_they_are()
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder();
        using var optimizer = new OptimizerState(decoder.Parameters, new Adam(), clipNorm: 1);
        using var stop = new CancellationTokenSource();
        var updater = new ModelUpdater(decoder, optimizer, Longest);
        var before = decoder.Parameters.Values.SelectMany(weight => weight.ToArray<float>()).ToArray();

        Assert.Throws<OperationCanceledException>(() => updater.Update(
            Examples(InOrder),
            new Stopping(new SftObjective(new SftOptions()), stop),
            rate: 0.1, new MetricSet(), stop.Token));

        Assert.Equal(Longest, updater.Tokens); // one micro-batch was through
        Assert.Equal(before, decoder.Parameters.Values.SelectMany(weight => weight.ToArray<float>()));
        Assert.Equal((0, 0), (optimizer.Updates, decoder.WeightVersion));
    }

    [Fact]
    public void What_a_called_off_update_has_accumulated_is_no_part_of_the_next_one()
    {
        Assert.Equal(Updated(disturbed: false), Updated(disturbed: true));

        static float[] Updated(bool disturbed)
        {
            using var scope = TensorScope.Open();
            using var decoder = Tiny.Decoder();
            using var optimizer = new OptimizerState(decoder.Parameters, new Adam(), clipNorm: 1);
            using var stop = new CancellationTokenSource();
            var updater = new ModelUpdater(decoder, optimizer, Longest);
            var objective = new SftObjective(new SftOptions());
            if (disturbed)
            {
                Assert.Throws<OperationCanceledException>(() =>
                    updater.Update(
                        Examples(InOrder), new Stopping(objective, stop), rate: 0.1, new MetricSet(), stop.Token));
            }

            updater.Update(Examples(Mixed), objective, rate: 0.1, new MetricSet(), CancellationToken.None);
            return [.. decoder.Parameters.Values.SelectMany(weight => weight.ToArray<float>())];
        }
    }

    [Fact]
    public void An_update_says_what_it_did()
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder();
        using var optimizer = new OptimizerState(decoder.Parameters, new Adam(), clipNorm: 1);
        var metrics = new MetricSet();
        var updater = new ModelUpdater(decoder, optimizer, tokensPerMicroBatch: 17);

        updater.Update(
            Examples(InOrder), new SftObjective(new SftOptions()), rate: 0.25, metrics, CancellationToken.None);

        Assert.Equal(45, updater.Tokens); // 5 + 9 + 3 + 7 + 4 + 11 + 6
        Assert.Equal(new MeanParts(0.25, 1), metrics["learning_rate"]);
        Assert.Equal(1, metrics["loss"].Count);
        Assert.Equal(1, metrics["grad_norm"].Count);
        Assert.InRange(metrics["loss"].Mean, 0.5 * Math.Log(Tiny.Vocabulary), 2 * Math.Log(Tiny.Vocabulary));
        Assert.True(metrics["grad_norm"].Mean > 0);
        Assert.Equal((1, 1), (optimizer.Updates, decoder.WeightVersion));
    }

    [Fact]
    public void The_copies_that_products_run_on_follow_the_weights_in_the_same_pass()
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder(DType.BFloat16);
        using var optimizer = new OptimizerState(decoder.Parameters, new Adam(), clipNorm: 1);
        var updater = new ModelUpdater(decoder, optimizer, Longest);
        for (var update = 0; update < 2; update++)
        {
            updater.Update(Examples(InOrder), new SftObjective(new SftOptions()), rate: 0.1, new MetricSet(),
                CancellationToken.None);
        }

        var copies = decoder.ComputeCopies();

        // Norms are used as they are stored; every matrix has a copy, and none of them waits to be renewed.
        foreach (var ((name, weight), copy) in decoder.Parameters.Zip(copies))
        {
            Assert.Equal(name.Contains("norm", StringComparison.Ordinal), copy is null);
            Assert.Equal(copy is null, weight.Rank == 1);
            if (copy is not null)
            {
                Assert.Equal(weight.Detach().To(DType.BFloat16).ToArray<float>(), copy.ToArray<float>());
            }
        }
    }

    private static void RequireSame(Measured expected, Measured actual)
    {
        Assert.Equal(expected.Loss, actual.Loss, 1e-6 * Math.Abs(expected.Loss));
        foreach (var (name, gradient) in expected.Gradients)
        {
            var largest = gradient.Max(Math.Abs);
            Assert.True(largest > 0, name);
            var apart = gradient.Zip(actual.Gradients[name], (one, other) => Math.Abs(one - other)).Max();
            Assert.True(apart <= 1e-6 * largest, $"{name}: {apart} of {largest}");
        }
    }

    /// <summary>Loss and gradients of one update whose examples come in several parts, each with as many micro-batches
    /// as it takes.</summary>
    private static Measured Measure(string objective, int[][] parts, int tokens, float masked = 0)
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder();
        using var optimizer = new OptimizerState(decoder.Parameters, new Adam(), clipNorm: 1);
        var updater = new ModelUpdater(decoder, optimizer, tokens);
        var metrics = new MetricSet();
        var counts = parts.Aggregate(default(GlobalCounts), (sum, part) => sum + ModelUpdater.CountsOf(Examples(part)));
        var loss = parts.Sum(part =>
            updater.Accumulate(
                Examples(part), Objective(objective, part, masked), counts, metrics, CancellationToken.None));
        return new Measured(
            loss,
            decoder.Parameters.ToDictionary(weight => weight.Key, weight => weight.Value.Grad!.ToArray<float>()),
            metrics);
    }

    private static IObjective Objective(string name, int[] order, float masked) => name switch
    {
        "nll" => new SftObjective(new SftOptions()),
        "smoothed" => new SftObjective(new SftOptions { LabelSmoothing = 0.1 }),
        "dft" => new SftObjective(new SftOptions { Loss = SftLoss.Dft }),
        "grpo" => Grpo(GrpoLoss.Grpo, order, masked),
        "dr_grpo" => Grpo(GrpoLoss.DrGrpo, order, masked),
        "dapo" => Grpo(GrpoLoss.Dapo, order, masked),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such objective"),
    };

    private static GrpoObjective Grpo(GrpoLoss loss, int[] order, float masked)
    {
        var options = new GrpoOptions { Rewards = [], KlCoefficient = 0.1, MaxNewTokens = 8, Loss = loss };
        return new GrpoObjective(
            GrpoPreset.Objective(options),
            GrpoPreset.Aggregation(options),
            temperature: 1,
            [.. order.Select(i => Answers(masked)[i])]);
    }

    private static TrainingExample[] Examples(int[] order) => [.. order.Select(i => Answers(masked: 0)[i].Example)];

    /// <summary>Seven answers, the fifth of which is not trained; what is known of its tokens is
    /// <paramref name="masked"/>.</summary>
    private static Answer[] Answers(float masked) =>
    [
        Answer([1, 2], [3, 4, 9], 1.5),
        Answer([0, 5, 8], [2, 2, 7, 1, 0, 9], -0.5),
        Answer([3], [4, 9], 0.25),
        Answer([6, 8], [1, 1, 5, 3, 9], -1),
        Answer([7], [6, 5, 4], masked, trained: false, known: masked),
        Answer([2, 4, 6], [1, 3, 5, 7, 0, 8, 2, 9], 0.75),
        Answer([5, 5], [0, 1, 8, 4], -0.25),
    ];

    /// <summary>An answer whose old log-probs make ratios on both sides of the clip range.</summary>
    private static Answer Answer(int[] prompt, int[] tokens, double advantage, bool trained = true, float known = 0)
    {
        float[] logProbs = [.. tokens.Select((token, t) => trained ? -1.8f - (0.3f * ((token + t) % 4)) : known)];
        return new Answer(Rollouts.Of(prompt, tokens, logProbs), advantage, trained)
        {
            OldLogProbs = logProbs,
            ReferenceLogProbs = [.. logProbs.Select((value, t) => value + (0.2f * (t % 3)))],
        };
    }

    private sealed record Measured(double Loss, Dictionary<string, float[]> Gradients, MetricSet Metrics);

    /// <summary>Asks to stop while the first micro-batch is computed.</summary>
    private sealed class Stopping(IObjective inner, CancellationTokenSource stop) : IObjective
    {
        public Aggregation Aggregation => inner.Aggregation;

        public double Temperature => inner.Temperature;

        public PolicyTerms Compute(TargetScores scores, MicroBatch batch)
        {
            stop.Cancel();
            return inner.Compute(scores, batch);
        }
    }
}
