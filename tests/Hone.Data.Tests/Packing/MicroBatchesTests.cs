namespace Hone.Data.Tests.Packing;

public sealed class MicroBatchesTests
{
    [Fact]
    public void The_examples_of_a_step_do_not_depend_on_the_budget()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var examples = Sequences.Of(Sequences.RandomLengths(seed, 40, 20).Select(n => n + 1));
            var whole = Segments(MicroBatches.Of(examples, 10_000));
            foreach (var budget in (int[])[21, 30, 64, 100])
            {
                Assert.Equal(whole, Segments(MicroBatches.Of(examples, budget)));
            }
        }
    }

    [Fact]
    public void The_count_of_targets_does_not_depend_on_the_budget()
    {
        var examples = Sequences.Of(5, 9, 3, 7, 1);

        // each loses its first token: 4 + 8 + 2 + 6 + 0 = 20
        Assert.All((int[])[9, 12, 25],
            budget => Assert.Equal(20, MicroBatches.Of(examples, budget).Sum(row => row.TrainedTokens)));
    }

    [Fact]
    public void An_example_beyond_the_budget_is_refused() => Assert.Equal(
        "example 1 of the step must fit into a micro-batch of 8 tokens, got 9; raise the micro-batch or lower the "
            + "longest sequence",
        Assert.Throws<DataException>(() => MicroBatches.Of(Sequences.Of(8, 9), 8)).Message);

    private static HashSet<string> Segments(IEnumerable<PackedRow> rows) => [.. rows.SelectMany(row =>
        row.SegmentStarts.Zip(row.SegmentStarts.Skip(1), (from, to) => string.Join(' ',
            Enumerable.Range(
                from, to - from).Select(t => $"{row.Tokens[t]}@{row.Positions[t]}{(row.Trained[t] ? "*" : "")}"))))];
}
