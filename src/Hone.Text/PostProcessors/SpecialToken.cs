namespace Hone.Text.PostProcessors;

/// <summary>What a post-processor puts in: a name in its template, one or more tokens in the text.</summary>
internal sealed record SpecialToken(IReadOnlyList<int> Ids, IReadOnlyList<string> Tokens);
