namespace Hone.Models.Generation;

/// <summary>What a caller wants to hear of while completions grow; called on the generating thread, request by its
/// place in the list.</summary>
public sealed record GenerationEvents
{
    /// <summary>A token was chosen.</summary>
    public Action<int, SampledToken>? Chosen { get; init; }

    /// <summary>A completion has ended.</summary>
    public Action<int, Completion>? Ended { get; init; }
}
