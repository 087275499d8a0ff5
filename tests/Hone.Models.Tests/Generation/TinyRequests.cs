using Hone.Models.Generation;

namespace Hone.Models.Tests.Generation;

internal static class TinyRequests
{
    /// <summary>Several samples of prompts that begin alike.</summary>
    public static GenerationRequest[] Group(int prompts, int samples) =>
    [
        .. from prompt in Enumerable.Range(0, prompts)
           from sample in Enumerable.Range(0, samples)
           select new GenerationRequest(
               [.. Enumerable.Range(1, 3 + (2 * prompt))], new SamplingOptions { MaxNewTokens = 12, Seed = 3 },
               (uint)prompt, (uint)sample),
    ];
}
