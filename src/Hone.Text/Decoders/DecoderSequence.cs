using Hone.Text.Pipeline;

namespace Hone.Text.Decoders;

/// <summary>Several decoders, one after the other.</summary>
internal sealed class DecoderSequence(IReadOnlyList<IDecoder> parts) : IDecoder
{
    /// <inheritdoc/>
    public IDecodeStage Open(IDecodeStage next)
    {
        for (var index = parts.Count - 1; index >= 0; index--)
        {
            next = parts[index].Open(next);
        }

        return next;
    }
}
