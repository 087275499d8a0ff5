namespace Hone.Text.Chat.Jinja;

/// <summary>What a template made.</summary>
/// <param name="Text">The text.</param>
/// <param name="GenerationSpans">What came out of <c>generation</c> blocks, as positions in <paramref name="Text"/>
/// (UTF-16), in order; an empty block gives an empty span.</param>
public sealed record JinjaRendering(string Text, IReadOnlyList<Range> GenerationSpans);
