using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Evaluation;
using Hone.Search;

namespace Hone.Conformance.Checks.Rl;

/// <summary>Votes over answers and what best-of-n and pass@k would reach.</summary>
public sealed class SearchCheck : ICheck
{
    public string Area => "rl";

    public IReadOnlyList<string> Kinds => ["formula.vote", "formula.pass_at_k", "formula.best_of_n_estimator"];

    public void Run(GoldenCase golden, Findings findings)
    {
        switch (golden.Kind)
        {
            case "formula.vote":
                Vote(golden, findings);
                break;
            case "formula.pass_at_k":
                PassAt(golden, findings);
                break;
            default:
                BestOf(golden, findings);
                break;
        }
    }

    private static void Vote(GoldenCase golden, Findings findings)
    {
        var answers = golden.Inputs["answers"].Items.Select(answer => answer.IsNull ? null : answer.Text).ToList();
        var countMissing = !golden.Options["exclude_invalid"].Flag;
        var scores = golden.Inputs["scores"].Numbers;
        var vote = MajorityVote.Decide(answers, scores, Rule(golden.Options["rule"].Text), countMissing);

        // A candidate without answer that takes part is written as the text "null".
        var winner = golden.Expected["winner"];
        findings.Same("winner", winner.IsNull || winner.Text == "null" ? null : winner.Text, vote.Winner);
        findings.Close(golden.Expected["share"], vote.Share, Recorded.Tolerance(golden));
        var totals = golden.Expected["totals"].Entries;
        findings.SameList(
            "answers",
            [.. totals.Select(total => total.Name)],
            [.. vote.Totals.Select(total => total.Answer ?? "null")]);
        findings.Close(
            "totals",
            totals.Select(total => total.Value.Number).ToArray(),
            vote.Totals.Select(total => total.Total).ToArray(),
            Recorded.Tolerance(golden));
    }

    private static void PassAt(GoldenCase golden, Findings findings)
    {
        var samples = golden.Inputs["samples"].Numbers;
        var right = golden.Inputs["correct"].Numbers;
        var k = golden.Inputs["k"].Numbers;
        var problems = samples.Zip(right, (count, good) => (Samples: (int)count, Right: (int)good)).ToList();
        var each = problems.SelectMany(
            problem => k.Select(size => PassAtK.Estimate(problem.Samples, problem.Right, (int)size)));
        findings.Close(golden.Expected["per_problem"], each.ToArray(), Recorded.Tolerance(golden));
        if (golden.Expected.Value("mean") is { } mean)
        {
            var means = k.Select(size => PassAtK.Mean(problems, (int)size)).ToArray();
            findings.Close(mean, means, Recorded.Tolerance(golden));
        }
    }

    private static void BestOf(GoldenCase golden, Findings findings)
    {
        var proxy = golden.Inputs["proxy"].Numbers;
        var gold = golden.Inputs["gold"].Numbers;
        var expected = golden.Inputs["n"].Numbers.Select(n => BestOfNEstimate.Expected(proxy, gold, (int)n));
        findings.Close(golden.Expected["expected_gold"], expected.ToArray(), Recorded.Tolerance(golden));
    }

    private static VoteRule Rule(string name) => name switch
    {
        "majority" => VoteRule.Majority,
        "weighted_sum" => VoteRule.ScoreSum,
        "weighted_mean" => VoteRule.ScoreMean,
        "max" => VoteRule.HighestScore,
        _ => throw new GoldenException($"rule: the product has no \"{name}\""),
    };
}
