using Hone.Models.Generation;

namespace Hone.Models.Tests.Generation;

public sealed class RunningCompletionsTests
{
    // Each completion wants 2 pages for its 20 tokens, and one page is left free for each that grows: of 3 pages there
    // is room for one completion beside one that grows.
    private const int Pages = 3, Tokens = 20;

    [Theory]
    [InlineData(1, 2, new[] { 0, 1 }, new[] { 0, 2 })]
    [InlineData(2, 1, new[] { 0, 1 }, new[] { 0, 2 })]
    [InlineData(2, 0, new[] { 0, 1 }, new[] { 0, 2 })]
    [InlineData(0, 1, new[] { 0, 2 }, new[] { 0, 1 })]
    [InlineData(1, 0, new[] { 0, 2 }, new[] { 0, 1 })]
    public void The_oldest_that_gave_way_goes_on_first_and_at_the_place_where_it_started(
        int first, int second, int[] growing, int[] afterwards)
    {
        using var model = Decoder.Create(TinyModel.Config(), seed: 7);
        using var pages = new PrefixCache(model, new EngineOptions { CacheBytes = Pages * TinyModel.PageBytes });
        var running = new RunningCompletions(pages);
        RunningCompletion[] all = [.. Enumerable.Range(0, 3).Select(index => Completion(pages, index))];
        Array.ForEach(all, running.Start);
        running.Pause(all[first], step: 1);
        running.Pause(all[second], step: 1);

        running.Resume(step: 2);
        Assert.Equal(growing, running.Select(completion => completion.Index));

        running.Remove(growing[1]);
        running.Resume(step: 3);
        Assert.Equal(afterwards, running.Select(completion => completion.Index));
        Assert.Equal((2, false), (running.Preemptions, running.HasPaused));
    }

    private static RunningCompletion Completion(PrefixCache pages, int index) => new(
        index,
        new GenerationRequest(new int[Tokens], new SamplingOptions()),
        new CacheRow(pages.Pool, pageSize: 16),
        limit: 1,
        nextText: null)
    {
        IsShareable = false,
    };
}
