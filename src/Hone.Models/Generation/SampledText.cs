namespace Hone.Models.Generation;

/// <summary>The tokens that a choice may look back at.</summary>
/// <param name="tokens">Prompt and completion so far.</param>
/// <param name="promptLength">How many of them are the prompt.</param>
public readonly ref struct SampledText(ReadOnlySpan<int> tokens, int promptLength)
{
    /// <summary>Prompt and completion so far.</summary>
    public ReadOnlySpan<int> Tokens { get; } = tokens;

    /// <summary>The completion so far.</summary>
    public ReadOnlySpan<int> NewTokens => Tokens[promptLength..];
}
