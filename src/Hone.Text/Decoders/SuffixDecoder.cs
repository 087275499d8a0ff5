using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Decoders;

/// <summary>Turns the mark of a word's end into a blank, and into nothing in the last token.</summary>
internal sealed class SuffixDecoder(string suffix) : IDecoder
{
    /// <inheritdoc/>
    public IDecodeStage Open(IDecodeStage next) => new Stage(suffix, next);

    /// <summary>Holds each token back until it is known whether it is the last.</summary>
    private sealed class Stage(string suffix, IDecodeStage next) : IDecodeStage
    {
        private readonly StringBuilder _token = new();
        private string? _held;

        public void Write(ReadOnlySpan<char> fragment) => _token.Append(fragment);

        public void EndToken()
        {
            Release(" ");
            _held = _token.ToString();
            _token.Clear();
        }

        public void Finish()
        {
            Release("");
            next.Finish();
        }

        private void Release(string replacement)
        {
            if (_held is not null)
            {
                next.Write(suffix.Length == 0 ? _held : _held.Replace(suffix, replacement, StringComparison.Ordinal));
                next.EndToken();
            }
        }
    }
}
