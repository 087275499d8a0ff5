namespace Hone.Search.Tests;

public sealed class BeamSearchTests
{
    [Fact]
    public void The_best_paths_of_a_level_go_on_in_several_ways()
    {
        // Of 4 paths the best 2 go on in 2 ways each. A token's log-prob is minus the token; a score is their mean.
        // Level 0 gives 3 1 4 2, of which 1 and 2 are kept; level 1 makes of them [1 5] [1 1] [2 1] [2 9] with means −3
        // −1 −1.5 −5.5.
        var tree = new ScriptedTree([[[3], [1], [4], [2]], [[5], [1], [1], [9]]]);

        var result = Run(tree, depth: 2);

        Assert.Equal(["", "", "", "", "1", "1", "2", "2"], tree.Asked);
        Assert.Equal(["1 1", "2 1", "1 5", "2 9"], result.Paths.Select(scored => scored.Path.Candidate.Text));
        Assert.Equal([-1, -1.5, -3, -5.5], result.Paths.Select(scored => scored.Score));

        // Eight tokens sampled; read were 4 paths of 1 token and 4 of 2.
        Assert.Equal((2, new SearchCost(8, 12)), (result.Levels, result.Cost));
    }

    [Fact]
    public void Of_paths_with_the_same_tokens_one_is_kept()
    {
        var tree = new ScriptedTree([[[1], [1], [2], [3]], [[4], [5], [6], [7]]]);

        Run(tree, depth: 2);

        Assert.Equal(["1", "1", "2", "2"], tree.Asked[4..]);
    }

    [Fact]
    public void A_path_that_has_ended_competes_and_does_not_go_on()
    {
        // 0 ends a path; its mean −0.5 stays the best. When all kept paths have ended, so has the search.
        var tree = new ScriptedTree([[[1, 0], [2], [3], [4]], [[9], [0]], [[9]]]);

        var result = Run(tree, depth: 9);

        Assert.Equal(["2", "2"], tree.Asked[4..]);
        Assert.Equal(["1 0", "2 0", "2 9"], result.Paths.Select(scored => scored.Path.Candidate.Text));
        Assert.Equal(2, result.Levels);
    }

    [Theory]
    [InlineData(16, 5, 8, "branches: must divide the 16 paths of a level, got 5")]
    [InlineData(0, 1, 8, "width: must be from 1 to 4096, got 0")]
    [InlineData(16, 4, 0, "depth: must be at least 1, got 0")]
    public void A_search_that_cannot_be_made_is_refused(int width, int branches, int depth, string problem) =>
        Assert.Equal(
            $"beam search: {problem}",
            Assert.Throws<ArgumentException>(() => BeamSearch.Run(
                new ScriptedTree([]),
                new MeanLogProbScorer(),
                new BeamOptions { Width = width, Branches = branches, Depth = depth },
                Cancel)).Message);

    private static BeamResult Run(ScriptedTree tree, int depth) => BeamSearch.Run(
        tree, new MeanLogProbScorer(), new BeamOptions { Width = 4, Branches = 2, Depth = depth }, Cancel);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // What follows the paths of each level, one by one; a text is its tokens.
    private sealed class ScriptedTree(int[][][] steps) : IPathGenerator
    {
        public List<string> Asked { get; } = [];

        public string Prompt => "p";

        public IReadOnlyList<SearchPath> Extend(IReadOnlyList<SearchPath> paths, int level, CancellationToken cancel)
        {
            Asked.AddRange(paths.Select(path => path.Candidate.Text));
            return [.. paths.Zip(steps[level], Join)];
        }

        private static SearchPath Join(SearchPath path, int[] step)
        {
            int[] tokens = [.. path.Candidate.Tokens, .. step];
            return new SearchPath(
                new Candidate(string.Join(' ', tokens), tokens, [.. tokens.Select(token => -(float)token)]),
                step[^1] == 0);
        }
    }
}
