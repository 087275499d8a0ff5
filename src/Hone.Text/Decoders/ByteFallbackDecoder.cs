using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Hone.Text.Pipeline;

namespace Hone.Text.Decoders;

/// <summary>Turns runs of tokens <c>&lt;0xNN&gt;</c> into the characters that their bytes spell.</summary>
/// <remarks>A run that is not UTF-8 as a whole gives one U+FFFD for each of its bytes, so it is held back until it
/// ends.</remarks>
internal sealed class ByteFallbackDecoder : IDecoder
{
    private const int TokenLength = 6;

    /// <inheritdoc/>
    public IDecodeStage Open(IDecodeStage next) => new Stage(next);

    private sealed class Stage(IDecodeStage next) : IDecodeStage
    {
        private readonly StringBuilder _token = new();
        private readonly List<byte> _run = [];

        public void Write(ReadOnlySpan<char> fragment) => _token.Append(fragment);

        public void EndToken()
        {
            if (ByteOf(_token) is { } value)
            {
                _run.Add(value);
            }
            else
            {
                EndRun();
                foreach (var chunk in _token.GetChunks())
                {
                    next.Write(chunk.Span);
                }

                next.EndToken();
            }

            _token.Clear();
        }

        public void Finish()
        {
            EndRun();
            next.Finish();
        }

        private void EndRun()
        {
            if (_run.Count == 0)
            {
                return;
            }

            byte[] bytes = [.. _run];
            _run.Clear();
            if (Utf8.IsValid(bytes))
            {
                next.Write(Encoding.UTF8.GetString(bytes));
                next.EndToken();
                return;
            }

            foreach (var _ in bytes)
            {
                next.Write("\uFFFD");
                next.EndToken();
            }
        }

        private static byte? ByteOf(StringBuilder token) =>
            token.Length == TokenLength && token[0] == '<' && token[1] == '0' && token[2] == 'x' && token[5] == '>'
            && byte.TryParse(
                token.ToString(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                ? value
                : null;
    }
}
