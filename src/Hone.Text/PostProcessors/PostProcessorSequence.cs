using Hone.Text.Pipeline;

namespace Hone.Text.PostProcessors;

/// <summary>Several post-processors, one after the other.</summary>
internal sealed class PostProcessorSequence(IReadOnlyList<IPostProcessor> parts) : IPostProcessor
{
    /// <inheritdoc/>
    public void Process(List<TokenSequence> sequences, bool addSpecialTokens)
    {
        foreach (var part in parts)
        {
            part.Process(sequences, addSpecialTokens);
        }
    }
}
