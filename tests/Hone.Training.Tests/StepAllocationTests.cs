using Hone.Torch;
using Hone.Training.Progress;

namespace Hone.Training.Tests;

public sealed class StepAllocationTests
{
    private const string Model =
        "{hidden_size: 128, layers: 2, heads: 4, intermediate_size: 256, max_position_embeddings: 512}";

    private const int Steps = 5;
    private const int RowsPerStep = 4;
    private const long Rounding = 4096; // what malloc makes of sizes
    private const long ManagedAtMost = 128 << 10; // bytes, whatever the length of rows

    // of each token its id, whether it is a target, its place; in a pair there are two, and log π_ref
    [Theory]
    [InlineData("sft", "float32", 40)]
    [InlineData("sft", "bfloat16", 40)]
    [InlineData("dpo", "float32", 120)]
    public void Steps_after_the_second_take_nothing_more_from_the_system(string method, string compute, int ofToken)
    {
        foreach (var length in new[] { 128, 512 })
        {
            // rows are of equal length, two to a micro-batch
            var steps = Run(method, compute, length);
            var first = steps[1];
            foreach (var step in steps[2..])
            {
                Assert.InRange(step.Live, first.Live - Rounding, first.Live + Rounding);
                Assert.InRange(step.Largest, 1, first.Largest + Rounding);
                Assert.Equal(first.Extent, step.Extent);
                Assert.InRange(step.Managed, 1, ManagedAtMost + (ofToken * RowsPerStep * length));
            }
        }
    }

    [Fact]
    public void No_gradients_lie_beside_the_cache_of_rollouts()
    {
        using var folder = new TemporaryFolder();
        var watch = new Watch();
        new Trainer(TimeProvider.System).Run(
            Tiny.Grpo(folder, $"model.config={Model}"), resume: false, watch, CancellationToken.None);

        // 330 thousand weights, whose gradients take 1.3 MB
        Assert.InRange(watch.Sampling.Max(), 1, watch.Sampling[0] + (1 << 19));
    }

    private static List<StepMemory> Run(string method, string compute, int length)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder["rows.jsonl"], Enumerable.Range(0, 2 * RowsPerStep).Select(row => method == "sft"
            ? $$"""{"prompt": "a", "completion": "{{Text(row)}}"}"""
            : $$"""{"prompt": "a", "chosen": "{{Text(row)}}", "rejected": "{{Text(row + 8)}}"}"""));
        var recipe = Tiny.Of(
            method,
            folder,
            $"steps={Steps}",
            $"compute={compute}",
            $"model.config={Model}",
            $"data.max_length={length}",
            $"batch={{rows_per_step: {RowsPerStep}, tokens_per_micro_batch: {2 * length}}}",
            "checkpoints={every: 0}",
            "logging={samples: 0}");
        var watch = new Watch();
        new Trainer(TimeProvider.System).Run(recipe, resume: false, watch, CancellationToken.None);
        return watch.Steps;

        // with what goes before and behind as long as a row may be
        string Text(int row) => string.Concat(Enumerable.Range(0, length - 2).Select(
            token => (char)('a' + (((token * (row + 2)) + row) % 8))));
    }

    private sealed record StepMemory(long Live, long Largest, long Extent, long Managed);

    private sealed class Watch : ITrainingObserver
    {
        private long _managed;

        public List<StepMemory> Steps { get; } = [];

        /// <summary>What was in use while answers were sampled.</summary>
        public List<long> Sampling { get; } = [];

        public void Started(RunStart start) => Begin();

        public void Phase(StepPhase phase)
        {
            if (phase.Kind == PhaseKind.Generation)
            {
                Sampling.Add(TensorMemory.Live);
            }
        }

        public void Stepped(StepReport step)
        {
            var managed = GC.GetAllocatedBytesForCurrentThread() - _managed;
            Steps.Add(new StepMemory(TensorMemory.Live, TensorMemory.Largest, TensorMemory.Extent, managed));
            Begin();
        }

        public void Evaluated(EvaluationReport evaluation)
        {
        }

        public void Saved(int step, string path)
        {
        }

        private void Begin()
        {
            TensorMemory.ResetPeak();
            _managed = GC.GetAllocatedBytesForCurrentThread();
        }
    }
}
