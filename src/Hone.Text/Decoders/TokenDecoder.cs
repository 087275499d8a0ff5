using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Decoders;

/// <summary>A decoder that looks at each token by itself.</summary>
/// <param name="rule">What becomes of a token: its text, and whether it is the first one; null leaves it out.</param>
internal sealed class TokenDecoder(Func<string, bool, string?> rule) : IDecoder
{
    /// <inheritdoc/>
    public IDecodeStage Open(IDecodeStage next) => new Stage(rule, next);

    private sealed class Stage(Func<string, bool, string?> rule, IDecodeStage next) : IDecodeStage
    {
        private readonly StringBuilder _token = new();
        private bool _isFirst = true;

        public void Write(ReadOnlySpan<char> fragment) => _token.Append(fragment);

        public void EndToken()
        {
            if (rule(_token.ToString(), _isFirst) is { } text)
            {
                next.Write(text);
                next.EndToken();
            }

            _isFirst = false;
            _token.Clear();
        }

        public void Finish() => next.Finish();
    }
}
