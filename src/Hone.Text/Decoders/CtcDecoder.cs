using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Decoders;

/// <summary>Reads the tokens of a connectionist temporal classifier: equal neighbours are one, the blank token is
/// none.</summary>
/// <remarks>Graves et al. 2006.</remarks>
internal sealed class CtcDecoder(string blank, string wordDelimiter, bool cleansUp) : IDecoder
{
    /// <inheritdoc/>
    public IDecodeStage Open(IDecodeStage next) => new Stage(this, next);

    private string Clean(string token)
    {
        var text = blank.Length == 0 ? token : token.Replace(blank, "", StringComparison.Ordinal);
        if (!cleansUp)
        {
            return text;
        }

        text = WordPieceCleanup.Apply(text);
        return wordDelimiter.Length == 0 ? text : text.Replace(wordDelimiter, " ", StringComparison.Ordinal);
    }

    private sealed class Stage(CtcDecoder owner, IDecodeStage next) : IDecodeStage
    {
        private readonly StringBuilder _token = new();
        private string? _last;

        public void Write(ReadOnlySpan<char> fragment) => _token.Append(fragment);

        public void EndToken()
        {
            var token = _token.ToString();
            _token.Clear();
            if (token == _last)
            {
                return;
            }

            _last = token;
            if (owner.Clean(token) is { Length: > 0 } text)
            {
                next.Write(text);
                next.EndToken();
            }
        }

        public void Finish() => next.Finish();
    }
}
