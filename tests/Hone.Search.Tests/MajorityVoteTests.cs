namespace Hone.Search.Tests;

public sealed class MajorityVoteTests
{
    private static readonly string?[] Answers = ["4", "5", null, "4", "6", "5"];
    private static readonly double[] Scores = [0.5, 0.75, 2, 0.25, 1, 0.5];

    [Fact]
    public void The_answer_of_most_wins_and_of_equals_the_first()
    {
        // 4 and 5 have two votes of five each; the completion without answer does not vote
        var vote = MajorityVote.Decide(Answers);

        Assert.Equal("4", vote.Winner);
        Assert.Equal(0.4, vote.Share);
        Assert.Equal([("4", 2.0), ("5", 2.0), ("6", 1.0)], vote.Totals);
    }

    [Theory]
    [InlineData(VoteRule.ScoreSum, "5")] // 4: 0.75, 5: 1.25, 6: 1
    [InlineData(VoteRule.ScoreMean, "6")] // 0.375, 0.625, 1
    [InlineData(VoteRule.HighestScore, "6")] // 0.5, 0.75, 1
    public void Scores_may_decide(VoteRule rule, string winner) =>
        Assert.Equal(winner, MajorityVote.Decide(Answers, Scores, rule).Winner);

    [Fact]
    public void Having_no_answer_may_count_as_one()
    {
        var vote = MajorityVote.Decide(Answers, Scores, VoteRule.ScoreSum, countMissing: true);

        Assert.Null(vote.Winner);
        Assert.Equal(1 / 6.0, vote.Share);
    }

    [Fact]
    public void Without_votes_nobody_wins()
    {
        var vote = MajorityVote.Decide([null, null]);

        Assert.Null(vote.Winner);
        Assert.Equal(0, vote.Share);
        Assert.Empty(vote.Totals);
    }

    [Fact]
    public void There_must_be_a_score_for_each_answer() =>
        Assert.Equal(
            "scores: must be one for each of 2 answers, found 1",
            Assert.Throws<ArgumentException>(() => MajorityVote.Decide(["a", "b"], [1], VoteRule.ScoreSum)).Message);
}
