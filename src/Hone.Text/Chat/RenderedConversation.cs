namespace Hone.Text;

/// <summary>A conversation as the text that a model sees.</summary>
/// <param name="Text">The text.</param>
/// <param name="TrainedSpans">The parts that the model is to produce itself, in order, as positions in
/// <paramref name="Text"/> (UTF-16).</param>
public sealed record RenderedConversation(string Text, IReadOnlyList<Range> TrainedSpans)
{
    /// <summary>The assistant's turns, by number, that the text shows otherwise than the model would have said them, as
    /// some templates do with reasoning once other turns follow. They are not among
    /// <see cref="TrainedSpans"/>.</summary>
    public IReadOnlyList<int> Rewritten { get; init; } = [];

    /// <summary>How many turns the text shows; 0 for all that there are.</summary>
    public int Turns { get; init; }

    /// <summary>What about the trained parts is most likely not meant, in words; null for nothing.</summary>
    public string? Doubt { get; init; }
}
