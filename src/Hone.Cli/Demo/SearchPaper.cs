using Hone.Evaluation;

namespace Hone.Cli.Demo;

/// <summary>Several answers to each held-out problem.</summary>
/// <param name="Problems">What became of each problem.</param>
internal sealed record SearchPaper(IReadOnlyList<SearchedProblem> Problems)
{
    /// <summary>The most frequent answer of each problem.</summary>
    public Accuracy Majority => Accuracy.Of(Problems.Select(problem => problem.IsMajorityRight));

    /// <summary>The answer that the model is surest of.</summary>
    public Accuracy BestOfN => Accuracy.Of(Problems.Select(problem => problem.IsChoiceRight));

    /// <summary>Any answer at all.</summary>
    public Accuracy Oracle => Accuracy.Of(Problems.Select(problem => problem.Right.Contains(true)));

    /// <summary>The chance that one of k answers is right, for each k of <paramref name="sizes"/>.</summary>
    public IReadOnlyList<CurvePoint> PassCurve(IReadOnlyList<int> sizes)
    {
        var counts = Problems.Select(problem => (problem.Right.Count, problem.Right.Count(right => right))).ToList();
        return [.. sizes.Select(k => new CurvePoint(k, PassAtK.Mean(counts, k)))];
    }

    /// <summary>The accuracy of the surest of n answers, for each n of <paramref name="sizes"/>: over all subsets of
    /// the answers there are.</summary>
    public IReadOnlyList<CurvePoint> BestOfNCurve(IReadOnlyList<int> sizes) =>
    [
        .. sizes.Select(n => new CurvePoint(n, Problems.Average(problem =>
            BestOfNEstimate.Expected([.. problem.Scores], [.. problem.Right.Select(right => right ? 1.0 : 0)], n)))),
    ];
}

/// <summary>What became of one problem.</summary>
/// <param name="Right">Whether each answer is right, <c>[sample]</c>.</param>
/// <param name="Scores">How sure the model is of each, <c>[sample]</c>.</param>
/// <param name="IsMajorityRight">Whether the most frequent answer is right.</param>
/// <param name="IsChoiceRight">Whether the answer that the model is surest of is right.</param>
internal sealed record SearchedProblem(
    IReadOnlyList<bool> Right, IReadOnlyList<double> Scores, bool IsMajorityRight, bool IsChoiceRight);
