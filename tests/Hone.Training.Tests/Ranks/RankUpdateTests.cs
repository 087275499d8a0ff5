using Hone.Algorithms.Optimizers;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Metrics;
using Hone.Training.Ranks;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Training.Tests.Ranks;

public sealed class RankUpdateTests
{
    public static TheoryData<string, int, bool> Splits => new()
    {
        { "nll", 2, true },
        { "nll", 3, true },
        { "smoothed", 2, true },
        { "dft", 2, true },
        { "grpo", 2, true },
        { "dr_grpo", 2, true },
        { "dapo", 2, true },
        { "dapo", 8, true },
        { "nll", 3, false },
        { "dapo", 8, false },
    };

    [Theory]
    [MemberData(nameof(Splits))]
    public void Loss_gradient_and_metrics_are_those_of_one_rank(string objective, int ranks, bool share)
    {
        var alone = Measure(objective, 1)[0];

        // Seven examples: of eight ranks one has nothing to do.
        foreach (var rank in Measure(objective, ranks, share: share))
        {
            Assert.Null(Difference(alone, rank));
            Assert.Equal(alone.Metrics.Select(metric => metric.Key), rank.Metrics.Select(metric => metric.Key));
            foreach (var (name, (sum, count)) in alone.Metrics)
            {
                Assert.Equal(count, rank.Metrics[name].Count);
                Assert.Equal(sum, rank.Metrics[name].Sum, 1e-5 * Math.Max(1, Math.Abs(sum)));
            }
        }
    }

    [Fact]
    public void The_weights_of_all_ranks_stay_the_same_to_the_bit()
    {
        var all = Measure("nll", 3);

        Assert.All(all, rank => Assert.Equal(all[0].Weights, rank.Weights));
        Assert.Equal(Measure("nll", 3)[0].Weights, all[0].Weights);
    }

    [Fact]
    public void It_makes_no_difference_whether_two_ranks_send_their_gradients_or_share_memory() =>
        Assert.Equal(Measure("nll", 2, share: false)[0].Weights, Measure("nll", 2, share: true)[0].Weights);

    [Fact]
    public void A_mean_of_the_ranks_means_would_be_noticed()
    {
        // What many trainers do: each rank divides by its own tokens, here 3 + 6 + 2 = 11 and 5 + 8 + 4 = 17, and
        // gradients are averaged.
        static float[] Average(float[] one, float[] other) => [.. one.Zip(other, (a, b) => (a + b) / 2)];
        var alone = Measure("nll", 1)[0];
        var parts = WorkShares.Contiguous(7, 2).Select(share => Measure("nll", 1, share)[0]).ToList();
        var averaged = parts[0] with
        {
            Loss = parts.Average(part => part.Loss),
            Gradients = parts[0].Gradients.ToDictionary(
                weight => weight.Key,
                weight => Average(weight.Value, parts[1].Gradients[weight.Key])),
        };

        Assert.NotNull(Difference(alone, averaged));
    }

    private static string? Difference(Measured expected, Measured actual)
    {
        if (Math.Abs(expected.Loss - actual.Loss) > 1e-6 * Math.Abs(expected.Loss))
        {
            return $"loss {actual.Loss} instead of {expected.Loss}";
        }

        foreach (var (name, gradient) in expected.Gradients)
        {
            var largest = gradient.Max(Math.Abs);
            var apart = gradient.Zip(actual.Gradients[name], (one, other) => Math.Abs(one - other)).Max();
            if (apart > 1e-6 * largest)
            {
                return $"{name}: {apart} of {largest}";
            }
        }

        return null;
    }

    /// <summary>One update, by several ranks, in micro-batches of 20 tokens.</summary>
    private static Measured[] Measure(string name, int count, int[]? only = null, bool share = true) =>
        RankThreads.Run(count, ranks => Measure(ranks, name, only), share);

    private static Measured Measure(IRanks ranks, string name, int[]? only)
    {
        using var scope = TensorScope.Open();
        using var decoder = Tiny.Decoder();
        using var optimizer = new OptimizerState(decoder.Parameters, new Adam(), clipNorm: 1);
        using var gradients = new Spy(ranks.SumOf(optimizer.Parameters), decoder.Parameters);
        var updater = new ModelUpdater(decoder, optimizer, 20, new RankTeam(ranks), gradients);
        var (metrics, answers) = (new MetricSet(), Answers());
        answers = only is null ? answers : [.. only.Select(i => answers[i])];

        updater.Update(
            [.. answers.Select(answer => answer.Example)],
            Objective(name, answers),
            rate: 0.1,
            metrics,
            CancellationToken.None);

        return new Measured(
            metrics["loss"].Mean,
            gradients.Found,
            metrics,
            [.. decoder.Parameters.Values.SelectMany(weight => weight.ToArray<float>())]);
    }

    private static IObjective Objective(string name, Answer[] answers) => name switch
    {
        "nll" => new SftObjective(new SftOptions()),
        "smoothed" => new SftObjective(new SftOptions { LabelSmoothing = 0.1 }),
        "dft" => new SftObjective(new SftOptions { Loss = SftLoss.Dft }),
        "grpo" => Grpo(GrpoLoss.Grpo, answers),
        "dr_grpo" => Grpo(GrpoLoss.DrGrpo, answers),
        "dapo" => Grpo(GrpoLoss.Dapo, answers),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such objective"),
    };

    private static GrpoObjective Grpo(GrpoLoss loss, Answer[] answers)
    {
        var options = new GrpoOptions { Rewards = [], KlCoefficient = 0.1, MaxNewTokens = 8, Loss = loss };
        return new GrpoObjective(
            GrpoPreset.Objective(options), GrpoPreset.Aggregation(options), temperature: 1, answers);
    }

    /// <summary>Seven answers of different lengths, the fifth of which is not trained.</summary>
    private static Answer[] Answers() =>
    [
        Answer([1, 2], [3, 4, 9], 1.5),
        Answer([0, 5, 8], [2, 2, 7, 1, 0, 9], -0.5),
        Answer([3], [4, 9], 0.25),
        Answer([6, 8], [1, 1, 5, 3, 9], -1),
        Answer([7], [6, 5, 4], 1, trained: false),
        Answer([2, 4, 6], [1, 3, 5, 7, 0, 8, 2, 9], 0.75),
        Answer([5, 5], [0, 1, 8, 4], -0.25),
    ];

    private static Answer Answer(int[] prompt, int[] tokens, double advantage, bool trained = true)
    {
        float[] logProbs = [.. tokens.Select((token, t) => -1.8f - (0.3f * ((token + t) % 4)))];
        return new Answer(Rollouts.Of(prompt, tokens, logProbs), advantage, trained)
        {
            OldLogProbs = logProbs,
            ReferenceLogProbs = [.. logProbs.Select((value, t) => value + (0.2f * (t % 3)))],
        };
    }

    private sealed record Measured(
        double Loss, Dictionary<string, float[]> Gradients, MetricSet Metrics, float[] Weights);

    /// <summary>Looks at the gradients when they are complete.</summary>
    private sealed class Spy(IGradientSum inner, IReadOnlyDictionary<string, Tensor> weights) : IGradientSum
    {
        public Dictionary<string, float[]> Found { get; private set; } = [];

        public void Begin(int before, int beside) => inner.Begin(before, beside);

        public void Arm(Tensor root) => inner.Arm(root);

        public void Finish()
        {
            inner.Finish();
            Found = weights.ToDictionary(weight => weight.Key, weight => weight.Value.Grad!.ToArray<float>());
        }

        public void MakeRoom() => inner.MakeRoom();

        public void Dispose() => inner.Dispose();
    }
}
