namespace Hone.Text;

/// <summary>A text, or two that belong together.</summary>
/// <param name="Text">The text.</param>
/// <param name="Pair">The second text; null for none.</param>
public sealed record TextInput(string Text, string? Pair = null);
