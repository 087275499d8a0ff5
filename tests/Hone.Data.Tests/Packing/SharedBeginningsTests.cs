namespace Hone.Data.Tests.Packing;

public sealed class SharedBeginningsTests
{
    [Fact]
    public void A_beginning_that_neighbours_share_stands_in_the_row_once()
    {
        // prompt 1 2 3 with the answers 4 5 and 6, then a stranger
        TrainingExample[] examples = [Example(3, 1, 2, 3, 4, 5), Example(3, 1, 2, 3, 6), Example(1, 9, 8)];

        var row = Assert.Single(MicroBatches.Of(examples, new MicroBatchRules(10) { LeastShared = 2 }));

        Assert.Equal([1, 2, 3, 4, 5, 6, 9, 8], row.Tokens);
        Assert.Equal([0, 1, 2, 3, 4, 3, 0, 1], row.Positions);
        Assert.Equal([0, 3, 5, 6, 8], row.SegmentStarts);
        Assert.Equal([-1, 0, 0, -1], row.Parents);
        Assert.Equal([false, false, false, true, true, true, false, true], row.Trained);
        Assert.Equal([new(0, 0, 3), new(0, 3, 2), new(1, 3, 1), new(2, 0, 2)], row.Pieces);
    }

    [Fact]
    public void Only_what_neither_trains_is_shared_and_each_keeps_a_token_of_its_own()
    {
        TrainingExample[] examples = [Example(2, 1, 2, 3, 4), Example(3, 1, 2, 3, 5), Example(9, 1, 2)];

        var row = Assert.Single(MicroBatches.Of(examples[..2], new MicroBatchRules(20) { LeastShared = 1 }));
        Assert.Equal([0, 2, 4, 6], row.SegmentStarts); // the third token is a target of the first example

        row = Assert.Single(MicroBatches.Of(examples[1..], new MicroBatchRules(20) { LeastShared = 1 }));
        Assert.Equal([0, 1, 4, 5], row.SegmentStarts); // the last example has two tokens, of which it keeps one
    }

    [Fact]
    public void A_longer_beginning_of_few_is_not_given_up_for_a_short_one_of_many()
    {
        // two pairs whose prompts have their first token in common: joined they would save 3 tokens, apart 4 + 4
        TrainingExample[] examples =
        [
            Example(4, 1, 2, 3, 4, 5), Example(4, 1, 2, 3, 4, 6), Example(4, 1, 7, 7, 7, 5), Example(4, 1, 7, 7, 7, 6),
        ];

        var row = Assert.Single(MicroBatches.Of(examples, new MicroBatchRules(20) { LeastShared = 1 }));

        Assert.Equal([-1, 0, 0, -1, 3, 3], row.Parents);
        Assert.Equal(12, row.Length);
    }

    [Fact]
    public void A_family_that_does_not_fit_is_parted_and_its_beginning_repeated()
    {
        TrainingExample[] examples = [.. Enumerable.Range(0, 4).Select(i => Example(3, 1, 2, 3, 10 + i, 20 + i))];

        var rows = MicroBatches.Of(examples, new MicroBatchRules(7) { LeastShared = 2 }); // 3 + 2 · 2 tokens

        Assert.Equal([[-1, 0, 0], [-1, 0, 0]], rows.Select(row => row.Parents));
        Assert.Equal([7, 7], rows.Select(row => row.Length));
    }

    [Fact]
    public void What_belongs_together_meets_in_one_row_and_nothing_is_shared_unasked()
    {
        TrainingExample[] examples = [Example(1, 1, 2, 3), Example(1, 1, 2, 4), Example(1, 5, 6, 7, 8),
            Example(1, 5, 6)];

        var rows = MicroBatches.Of(examples, new MicroBatchRules(8) { Together = 2 });

        Assert.Equal([[0, 1], [2, 3]], rows.Select(row => row.Pieces.Select(piece => piece.Example)));
        Assert.All(rows, row => Assert.Empty(row.Parents));
        Assert.Equal(
            "examples 0 to 1 of the step must fit into a micro-batch of 5 tokens, got 6; raise the micro-batch or "
                + "lower the longest sequence",
            Assert.Throws<DataException>(
                () => MicroBatches.Of(examples, new MicroBatchRules(5) { Together = 2 })).Message);
    }

    [Fact]
    public void Rows_that_are_joined_keep_their_parents()
    {
        TrainingExample[] examples = [Example(2, 1, 2, 3), Example(2, 1, 2, 4)];
        var row = Assert.Single(MicroBatches.Of(examples, new MicroBatchRules(9) { LeastShared = 1 }));

        Assert.Equal([-1, 0, 0, -1, 3, 3], PackedRow.Join([row, row]).Parents);
    }

    private static TrainingExample Example(int from, params int[] tokens) =>
        new(tokens, [.. tokens.Select((_, t) => t >= from)]);
}
