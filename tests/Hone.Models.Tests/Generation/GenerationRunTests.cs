using Hone.Models.Generation;

namespace Hone.Models.Tests.Generation;

public sealed class GenerationRunTests
{
    // The first has 16 tokens of its prompt and takes a page more at every 16 that it grows by; the second and the
    // third have 8. At the 33rd new token of both the first wants its fourth page, and the second has three. With them
    // there are 7, and with the page of the third's prompt, which is the second's too, 8. The three pages that the
    // second then gives are one for the first and room enough for the third, but not for the second to go on.
    [Theory]
    [InlineData(7, true)]
    [InlineData(6, false)]
    public void Nothing_new_begins_beside_one_that_gave_way(int pages, bool isSamePrompt)
    {
        using var model = TinyModel.Varied();
        var told = new int[3];
        var events = new GenerationEvents { Chosen = (index, _) => told[index]++ };
        var options = new EngineOptions { CacheBytes = pages * TinyModel.PageBytes, MaxBatch = 2 };
        using var session = new GenerationEngine(model, options).Open(events);
        session.Submit(Request(16, 1, 45), Request(8, 2, 40), Request(8, isSamePrompt ? 2 : 3, 40));

        while (session.Completions[0] is null)
        {
            session.Step();
        }

        // The prompt of the third is not computed either.
        Assert.Equal([45, 33, 0], told);
        Assert.Equal((1, 16 + 8), (session.Usage.Preemptions, session.Usage.PromptTokens));
        while (!session.IsIdle)
        {
            session.Step();
        }

        Assert.Equal([45, 40, 40], told);
    }

    private static GenerationRequest Request(int length, int token, int tokens) =>
        new([.. Enumerable.Repeat(token, length)], new SamplingOptions { MaxNewTokens = tokens });
}
