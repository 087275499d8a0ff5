using Hone.Text.Pipeline;

namespace Hone.Text.Decoders;

/// <summary>Puts a blank between tokens: what is done where a tokenizer has no decoder.</summary>
internal sealed class JoinDecoder : IDecoder
{
    /// <inheritdoc/>
    public IDecodeStage Open(IDecodeStage next)
    {
        return new TokenDecoder((token, isFirst) => isFirst ? token : " " + token).Open(next);
    }
}
