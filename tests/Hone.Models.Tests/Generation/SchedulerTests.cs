using Hone.Models.Generation;

namespace Hone.Models.Tests.Generation;

/// <summary>
/// Requests that come, go and are called off at random, under limits at random, against each of them alone.
/// </summary>
public sealed class SchedulerTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 24)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_else_happens_a_request_gets_what_it_gets_alone(int seed)
    {
        var chance = new Random(seed);
        using var model = TinyModel.Varied(seed: 7);
        using var other = TinyModel.Varied(seed: 8);
        var pages = chance.Next(7, 40);
        var options = new EngineOptions
        {
            CacheBytes = pages * TinyModel.PageBytes,
            PrefixBytes = chance.Next(0, pages) * TinyModel.PageBytes,
            MaxBatch = chance.Next(1, 12),
            PrefillTokens = chance.Next(1, 60),
            Speculation = chance.Next(4) switch
            {
                0 => new Speculation.Lookup { DraftTokens = chance.Next(1, 9) },
                1 => new Speculation.Draft(other) { DraftTokens = chance.Next(1, 9) },
                _ => null,
            },
        };
        using var prefixes = new PrefixCache(model, options);
        using var session = new GenerationEngine(model, options, prefixes: prefixes).Open();
        var (requests, aborted) = (new List<GenerationRequest>(), new HashSet<int>());
        while (requests.Count < 30 || !session.IsIdle)
        {
            if (requests.Count < 30 && (session.IsIdle || chance.Next(3) == 0))
            {
                GenerationRequest[] some =
                    [.. Enumerable.Range(0, chance.Next(1, 6)).Select(_ => Request(chance, requests.Count))];
                session.Submit(some);
                requests.AddRange(some);
            }

            if (chance.Next(12) == 0)
            {
                var number = chance.Next(requests.Count);
                _ = session.Completions[number] is null && aborted.Add(number);
                session.Abort(number);
            }

            session.Step();
            Assert.InRange(session.Usage.PeakPages, 0, pages);
        }

        Assert.Equal((0, 0), (session.Usage.LeakedPages, prefixes.HeldPages));
        var alone = new GenerationEngine(model, new EngineOptions());
        for (var i = 0; i < requests.Count; i++)
        {
            var (expected, found) = (alone.Generate([requests[i]])[0], session.Completions[i]!);
            var count = aborted.Contains(i) ? found.Tokens.Length : expected.Tokens.Length;
            Assert.Equal(expected.Tokens[..count], found.Tokens);
            Assert.Equal(Bits(expected.LogProbs[..count]), Bits(found.LogProbs));
            Assert.Equal(aborted.Contains(i) ? FinishReason.Abort : expected.Reason, found.Reason);
        }
    }

    // Prompts are the beginnings of three texts, some with an end of their own.
    private static GenerationRequest Request(Random chance, int index)
    {
        var text = chance.Next(3);
        int[] own = [.. Enumerable.Range(0, chance.Next(3)).Select(_ => chance.Next(32))];
        int[] prompt = [.. Enumerable.Range(0, chance.Next(1, 45)).Select(i => ((i * i) + text) % 32), .. own];
        var options = new SamplingOptions
        {
            MaxNewTokens = chance.Next(1, 40),
            Temperature = chance.Next(4) == 0 ? 0 : 0.7,
            RepetitionPenalty = chance.Next(4) == 0 ? 1.2 : 1,
            TypicalP = chance.Next(6) == 0 ? 0.9 : 1,
            StopTokens = chance.Next(2) == 0 ? [3, 4] : [],
            Seed = 5,
        };
        return new GenerationRequest(prompt, options, (uint)index, (uint)chance.Next(3));
    }

    private static IEnumerable<int> Bits(float[] numbers) => numbers.Select(BitConverter.SingleToInt32Bits);
}
