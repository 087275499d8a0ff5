using Hone.Models;
using Hone.Models.Generation;

namespace Hone.Search.Tests;

/// <summary>Holds a search on a real small model against one that computes each path anew.</summary>
public sealed class TreeLedgerTests
{
    private const string Prompt =
        "Once upon a time, there was a little girl named Lily. She loved to play outside in the park with her dog.";

    [Theory]
    [InlineData("stories260k")]
    [InlineData("tinystories-656k")]
    public void A_search_over_shared_beginnings_computes_a_fifth_of_the_tokens_at_most_and_finds_the_same(string name)
    {
        using var model = ModelFolder.Load(Real(name));
        var tokens = model.Tokenizer!.EncodeIds(Prompt);
        var step = new SamplingOptions { MaxNewTokens = 12, Seed = 7 }; // no stop tokens: all levels are in full
        var shape = new BeamOptions { Width = 16, Branches = 4, Depth = 8 };
        using var shared = new EnginePathGenerator(model, Prompt, tokens, step, new EngineOptions());
        var anew = new EachPathAnew(model, tokens, step);

        var found = BeamSearch.Run(shared, new MeanLogProbScorer(), shape, TestContext.Current.CancellationToken);
        var expected = BeamSearch.Run(anew, new MeanLogProbScorer(), shape, TestContext.Current.CancellationToken);

        Assert.Equal(Paths(expected), Paths(found));
        Assert.Equal(8, found.Levels);

        // The ledger says of itself what the other search has really computed.
        Assert.Equal(anew.Usage.ComputedTokens, shared.Usage.UnsharedTokens);
        Assert.True(
            anew.Usage.ComputedTokens >= 5 * shared.Usage.ComputedTokens,
            $"{shared.Usage.ComputedTokens} tokens were computed, {anew.Usage.ComputedTokens} without sharing");
    }

    private static string[] Paths(BeamResult result) =>
        [.. result.Paths.Select(scored => $"{string.Join(' ', scored.Path.Candidate.Tokens)} {scored.Score:R}")];

    private static string Real(string name)
    {
        var root = Environment.GetEnvironmentVariable("HONE_FIXTURES")
            ?? Path.Combine(RepositoryRoot(), "..", "shared", "real");
        var folder = Path.Combine(root, "models", name);
        Assert.SkipUnless(
            Directory.Exists(folder),
            $"the fixture {folder} is absent; set HONE_FIXTURES to the folder of real fixtures");
        return folder;
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Hone.slnx")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd('/'))!;
        }

        return folder;
    }

    // Each path in a run of its own. Its texts are not looked at.
    private sealed class EachPathAnew(ModelFolder model, int[] prompt, SamplingOptions step) : IPathGenerator
    {
        public GenerationUsage Usage { get; private set; }

        public string Prompt => TreeLedgerTests.Prompt;

        public IReadOnlyList<SearchPath> Extend(IReadOnlyList<SearchPath> paths, int level, CancellationToken cancel) =>
            [.. paths.Select((path, i) => Extend(path, level, i, cancel))];

        private SearchPath Extend(SearchPath path, int level, int i, CancellationToken cancel)
        {
            var before = path.Candidate;
            var engine = model.CreateEngine(new EngineOptions());
            var request = new GenerationRequest([.. prompt, .. before.Tokens], step, (uint)level, (uint)i);
            var added = engine.Run([request], events: null, cancel)[0];
            Usage += engine.Usage;
            return new SearchPath(
                new Candidate("", [.. before.Tokens, .. added.Tokens], [.. before.LogProbs, .. added.LogProbs]),
                added.Reason == FinishReason.Stop);
        }
    }
}
