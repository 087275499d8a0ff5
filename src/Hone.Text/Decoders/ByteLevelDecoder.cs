using System.Buffers;
using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Decoders;

/// <summary>Turns letters of the byte alphabet into the bytes that they stand for, and these into one text.</summary>
/// <remarks>A token with any other character is text as it stands. Bytes that are not UTF-8 give U+FFFD, one for each
/// maximal broken part.</remarks>
internal sealed class ByteLevelDecoder : IDecoder
{
    /// <inheritdoc/>
    public IDecodeStage Open(IDecodeStage next) => new Stage(next);

    private sealed class Stage(IDecodeStage next) : IDecodeStage
    {
        private readonly StringBuilder _token = new();
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

        public void Write(ReadOnlySpan<char> fragment) => _token.Append(fragment);

        public void EndToken()
        {
            var token = _token.ToString();
            _token.Clear();
            Decode(ByteAlphabet.BytesOf(token) ?? Encoding.UTF8.GetBytes(token), flush: false);
        }

        public void Finish()
        {
            Decode([], flush: true);
            next.EndToken();
            next.Finish();
        }

        // The decoder keeps the bytes of a character that has not ended yet.
        private void Decode(byte[] bytes, bool flush)
        {
            var buffer = ArrayPool<char>.Shared.Rent(bytes.Length + 4);
            var count = _decoder.GetChars(bytes, buffer, flush);
            next.Write(buffer.AsSpan(0, count));
            ArrayPool<char>.Shared.Return(buffer);
        }
    }
}
