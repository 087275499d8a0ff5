using Hone.Text.Pipeline;

namespace Hone.Text.PreTokenizers;

/// <summary>Several pre-tokenizers, each on the pieces of the one before.</summary>
internal sealed class PreTokenizerSequence(IReadOnlyList<IPreTokenizer> parts) : IPreTokenizer
{
    /// <inheritdoc/>
    public bool NeedsSpans => parts.Any(part => part.NeedsSpans);

    /// <inheritdoc/>
    public void Split(PreTokenizedText text)
    {
        foreach (var part in parts)
        {
            part.Split(text);
        }
    }
}
