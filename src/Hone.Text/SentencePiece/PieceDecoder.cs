using System.Buffers;
using System.Globalization;
using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.SentencePiece;

/// <summary>Decodes pieces as SentencePiece does.</summary>
/// <remarks>
/// Control pieces are nothing, the unknown piece is what the model says, ▁ is a blank, and the blank put before the
/// text goes away again (with <c>remove_extra_whitespaces</c>: from every piece before the first that leaves text).
/// Bytes give characters; of what is not UTF-8 each byte gives one U+FFFD.
/// </remarks>
internal sealed class PieceDecoder(PieceFile file) : IDecoder
{
    private const char Blank = '\u2581';

    private readonly Dictionary<string, PieceKind> _kinds = file.Pieces
        .GroupBy(piece => piece.Text, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.First().Kind, StringComparer.Ordinal);

    /// <inheritdoc/>
    public IDecodeStage Open(IDecodeStage next) => new Stage(this, next);

    private sealed class Stage(PieceDecoder owner, IDecodeStage next) : IDecodeStage
    {
        private readonly StringBuilder _piece = new();
        private readonly List<byte> _bytes = [];
        private bool _wroteText;
        private bool _tookBlank;

        public void Write(ReadOnlySpan<char> fragment) => _piece.Append(fragment);

        public void EndToken()
        {
            var piece = _piece.ToString();
            _piece.Clear();
            var kind = owner._kinds.GetValueOrDefault(piece, PieceKind.Normal);
            if (kind == PieceKind.Byte)
            {
                _bytes.Add(byte.Parse(
                    piece.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                WriteCharacters(isEnd: false);
                return;
            }

            WriteCharacters(isEnd: true);
            WriteText(TextOf(piece, kind));
        }

        public void Finish()
        {
            WriteCharacters(isEnd: true);
            next.EndToken();
            next.Finish();
        }

        private string TextOf(string piece, PieceKind kind)
        {
            if (kind is PieceKind.Control or PieceKind.Unknown)
            {
                _tookBlank = false;
                return kind == PieceKind.Control ? "" : owner.UnknownSurface;
            }

            var isStart = !_wroteText && !_tookBlank;
            var took = isStart && owner.DropsFirstBlank && piece.StartsWith(Blank);
            _tookBlank = (_tookBlank && !isStart) || (took && !owner.DropsAllFirstBlanks);
            return (took ? piece[1..] : piece).Replace(Blank, ' ');
        }

        private void WriteText(string text)
        {
            _wroteText |= text.Length > 0;
            next.Write(text);
        }

        // A character is written once its bytes are there; a byte that begins none, or whose character breaks off, is
        // U+FFFD.
        private void WriteCharacters(bool isEnd)
        {
            var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes);
            var taken = 0;
            while (taken < bytes.Length)
            {
                var status = Rune.DecodeFromUtf8(bytes[taken..], out var rune, out var length);
                if (status == OperationStatus.NeedMoreData && !isEnd)
                {
                    break;
                }

                WriteText(status == OperationStatus.Done ? rune.ToString() : "\uFFFD");
                taken += status == OperationStatus.Done ? length : 1;
            }

            _bytes.RemoveRange(0, taken);
        }
    }

    private string UnknownSurface => file.UnknownSurface;

    private bool DropsFirstBlank => file.AddsBlank || file.RemovesExtraBlanks;

    private bool DropsAllFirstBlanks => file.RemovesExtraBlanks;
}
