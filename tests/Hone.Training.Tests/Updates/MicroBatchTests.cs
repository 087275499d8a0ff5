using Hone.Data;
using Hone.Torch;
using Hone.Training.Updates;

namespace Hone.Training.Tests.Updates;

public sealed class MicroBatchTests
{
    [Fact]
    public void Targets_are_the_trained_tokens_of_their_own_segments_and_stand_one_behind_their_places()
    {
        using var scope = TensorScope.Open();
        TrainingExample[] examples =
        [
            Tiny.Example(1, 5, 6),
            new([1, 2, 3, 4], [false, false, true, true]),
            new([7, 8, 9], [false, true, false]),
        ];

        // Longest first: example 1 at 0…3, example 2 at 4…6, example 0 at 7…8.
        var batch = MicroBatch.Of(Assert.Single(MicroBatches.Of(examples, 9)));

        Assert.Equal([1, 2, 0], batch.Examples);
        Assert.Equal([1L, 2, 3, 4, 7, 8, 9, 5, 6], batch.Tokens.Ids.ToArray<long>());
        Assert.Equal([0L, 4, 7, 9], batch.Tokens.SegmentStarts.ToArray<long>());
        Assert.Equal([3L, 4, 8, 6], batch.Targets.ToArray<long>());
        Assert.Equal([1L, 2, 4, 7], batch.Places.ToArray<long>());
        Assert.Equal([2, 1, 1], Enumerable.Range(0, 3).Select(batch.Sequences.Length));
        Assert.Equal(9, batch.TokenCount);
    }

    [Fact]
    public void The_first_token_of_a_segment_is_no_target_whatever_its_example_says()
    {
        using var scope = TensorScope.Open();

        var batch = MicroBatch.Of(Assert.Single(MicroBatches.Of([Tiny.Example(0, 1, 2), Tiny.Example(0, 3, 4)], 4)));

        Assert.Equal([2L, 4], batch.Targets.ToArray<long>());
        Assert.Equal([0L, 2], batch.Places.ToArray<long>());
    }

    [Fact]
    public void A_column_takes_from_each_example_as_many_numbers_as_it_has_targets()
    {
        using var scope = TensorScope.Open();
        TrainingExample[] examples = [Tiny.Example(1, 5, 6), Tiny.Example(3, 1, 2, 3), Tiny.Example(2, 1, 2, 3, 4)];
        float[][] numbers = [[10], [float.NaN], [20, 21, float.NaN]];

        var batch = MicroBatch.Of(Assert.Single(MicroBatches.Of(examples, 9)));

        // Segments: example 2 with two targets, example 1 with none, example 0 with one.
        Assert.Equal([20f, 21, 10], batch.Column(example => numbers[example]).ToArray<float>());
    }
}
