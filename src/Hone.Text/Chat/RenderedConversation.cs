namespace Hone.Text;

/// <summary>A conversation as the text that a model sees.</summary>
/// <param name="Text">The text.</param>
/// <param name="TrainedSpans">The parts that the model is to produce itself, in order, as positions in
/// <paramref name="Text"/> (UTF-16).</param>
public sealed record RenderedConversation(string Text, IReadOnlyList<Range> TrainedSpans);
