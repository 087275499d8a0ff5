using Hone.Models.Generation;

namespace Hone.Models.Tests;

internal static class EngineExtensions
{
    /// <summary>Runs until all are complete or the test run is called off.</summary>
    public static Completion[] Generate(
        this GenerationEngine engine, IReadOnlyList<GenerationRequest> requests, GenerationEvents? events = null) =>
        engine.Run(requests, events, TestContext.Current.CancellationToken);
}
