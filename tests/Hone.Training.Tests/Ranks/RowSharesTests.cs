using Hone.Data;
using Hone.Training.Ranks;

namespace Hone.Training.Tests.Ranks;

public sealed class RowSharesTests
{
    private static readonly MicroBatchRules Rules = new(1000) { LeastShared = 2 };

    [Fact]
    public void A_group_stays_on_the_rank_that_has_its_prompt()
    {
        // Two groups of four answers of 3 tokens to a prompt of 5. As groups: 5 + 4·3 = 17 on each rank. One by one
        // each rank has two answers of each group, 2·(5 + 2·3) = 22.
        TrainingExample[] examples = [.. Group(1, 5, 3, 3, 3, 3), .. Group(2, 5, 3, 3, 3, 3)];
        int[][] expected = [[0, 1, 2, 3], [4, 5, 6, 7]];

        Assert.Equal(expected, RowShares.Of(examples, Rules, 2));
    }

    [Fact]
    public void A_group_is_parted_where_its_rank_would_have_more_than_the_others_with_the_prompt_twice()
    {
        // One group: together 5 + 4·30 = 125 on one rank; parted 5 + 2·30 = 65 on each.
        int[][] expected = [[0, 2], [1, 3]];

        Assert.Equal(expected, RowShares.Of(Group(1, 5, 30, 30, 30, 30), Rules, 2));
    }

    [Fact]
    public void Pairs_stay_together_whatever_they_share()
    {
        // pairs of 4 + 4, 9 + 3 and 2 + 2 tokens: 12 | 8 + 4
        TrainingExample[] examples = [.. Group(1, 0, 4, 4), .. Group(2, 0, 9, 3), .. Group(3, 0, 2, 2)];
        int[][] expected = [[2, 3], [0, 1, 4, 5]];

        Assert.Equal(expected, RowShares.Of(examples, Rules with { Together = 2 }, 2));
        Assert.Equal(expected, RowShares.Of(examples, Rules with { Together = 2, LeastShared = 0 }, 2));
    }

    [Fact]
    public void One_rank_has_all_in_their_order()
    {
        int[][] expected = [[0, 1, 2]];

        Assert.Equal(expected, RowShares.Of(Group(1, 5, 3, 9, 4), Rules, 1));
    }

    /// <summary>Answers of given lengths to one prompt, of which the answers are trained.</summary>
    private static TrainingExample[] Group(int token, int prompt, params int[] answers) =>
    [
        .. answers.Select((length, answer) => new TrainingExample(
            [.. Enumerable.Repeat(token, prompt), .. Enumerable.Repeat(10 * (token + answer), length)],
            [.. Enumerable.Range(0, prompt + length).Select(at => at >= prompt)])),
    ];
}
