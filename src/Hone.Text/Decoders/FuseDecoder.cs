using Hone.Text.Pipeline;

namespace Hone.Text.Decoders;

/// <summary>Makes one token of all.</summary>
internal sealed class FuseDecoder : IDecoder
{
    /// <inheritdoc/>
    public IDecodeStage Open(IDecodeStage next) => new Stage(next);

    private sealed class Stage(IDecodeStage next) : IDecodeStage
    {
        public void Write(ReadOnlySpan<char> fragment) => next.Write(fragment);

        public void EndToken()
        {
        }

        public void Finish()
        {
            next.EndToken();
            next.Finish();
        }
    }
}
