using Hone.Models.Configuration;

namespace Hone.Search;

/// <summary>Samples a level of paths, keeps the best, and lets each of them go on in several ways, level by
/// level.</summary>
/// <remarks>
/// Beam search over steps with a scorer: Scaling LLM test-time compute, arXiv:2408.03314, section 5.2. What we changed:
/// of paths with the same tokens one is kept, and a path that has ended stays and competes.
/// </remarks>
public static class BeamSearch
{
    /// <summary>Searches.</summary>
    /// <param name="generator">Lets paths go on.</param>
    /// <param name="scorer">Says how good each path looks; NaN counts as worst, of equals the first is better.</param>
    /// <param name="options">The shape of the search.</param>
    /// <param name="cancel">Calls it off.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="OperationCanceledException">It was called off.</exception>
    public static BeamResult Run(
        IPathGenerator generator, ICandidateScorer scorer, BeamOptions options, CancellationToken cancel)
    {
        if (options.Problems().ToArray() is [_, ..] problems)
        {
            throw new ArgumentException($"beam search: {string.Join("; ", problems)}");
        }

        var (ended, cost) = (new List<ScoredPath>(), default(SearchCost));
        IReadOnlyList<SearchPath> paths = [.. Enumerable.Repeat(SearchPath.Root, options.Width)];
        for (var level = 0; ; level++)
        {
            var longer = generator.Extend(paths, level, cancel);
            cost += new SearchCost(
                longer.Sum(Length) - paths.Sum(Length), longer.Sum(Length));
            var scores = longer.Select(path => new ScoredPath(path, scorer.Score(generator.Prompt, path.Candidate)));
            ScoredPath[] ranked =
            [
                .. ended.Concat(scores)
                    .DistinctBy(scored => ValueList.Create<int>([.. scored.Path.Candidate.Tokens]))
                    .OrderBy(scored => double.IsNaN(scored.Score)).ThenByDescending(scored => scored.Score),
            ];
            ScoredPath[] kept = [.. ranked.Take(options.Width / options.Branches)];
            ended = [.. kept.Where(scored => scored.Path.HasEnded)];
            paths =
            [
                .. kept.Where(scored => !scored.Path.HasEnded)
                    .SelectMany(scored => Enumerable.Repeat(scored.Path, options.Branches)),
            ];
            if (level == options.Depth - 1 || paths.Count == 0)
            {
                return new BeamResult(ranked, level + 1, cost);
            }
        }
    }

    private static long Length(SearchPath path) => path.Candidate.Tokens.Count;
}

/// <summary>A path and how good it looks.</summary>
/// <param name="Path">The path.</param>
/// <param name="Score">Its score; higher is better.</param>
public sealed record ScoredPath(SearchPath Path, double Score);

/// <summary>What a beam search found.</summary>
/// <param name="Paths">The different paths of the last level and those that had ended before, the best first.</param>
/// <param name="Levels">Levels that were sampled; fewer than asked for where all kept paths have ended.</param>
/// <param name="Cost">The tokens spent.</param>
public sealed record BeamResult(IReadOnlyList<ScoredPath> Paths, int Levels, SearchCost Cost);
