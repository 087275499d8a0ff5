namespace Hone.Search.Tests;

public sealed class BestOfNTests
{
    [Fact]
    public void The_highest_score_is_chosen_and_the_tokens_are_counted()
    {
        // mean log-probs -1, -0.5 and -0.5: of equals the first; 2 + 1 + 2 tokens were sampled and read
        var choice = BestOfN.Choose("p", [Of(-0.5f, -1.5f), Of(-0.5f), Of(-0.25f, -0.75f)], new MeanLogProbScorer());

        Assert.Equal(1, choice.Index);
        Assert.Equal([-1, -0.5, -0.5], choice.Scores);
        Assert.Equal(new SearchCost(5, 5), choice.Cost);
    }

    [Fact]
    public void A_score_that_is_not_a_number_counts_as_worst() =>
        Assert.Equal(1, BestOfN.Choose("p", [Of(float.NaN), Of(-9), Of(float.NaN)], new MeanLogProbScorer()).Index);

    [Fact]
    public void There_must_be_a_candidate() =>
        Assert.Equal(
            "candidates: must be at least one, found none",
            Assert.Throws<ArgumentException>(() => BestOfN.Choose("p", [], new MeanLogProbScorer())).Message);

    [Fact]
    public void An_empty_candidate_has_no_confidence() =>
        Assert.Equal(double.NegativeInfinity, new MeanLogProbScorer().Score("p", Of()));

    [Fact]
    public void Nothing_that_search_shows_a_scorer_can_hold_a_gold_answer()
    {
        var shown = typeof(ICandidateScorer).GetMethods()
            .SelectMany(method => method.GetParameters())
            .SelectMany(parameter => parameter.ParameterType.GetProperties().Append(null))
            .Select(property => property?.PropertyType.Namespace ?? "System");

        Assert.DoesNotContain("Hone.Rewards", shown);
    }

    private static Candidate Of(params float[] logProbs) => new("text", new int[logProbs.Length], logProbs);
}
