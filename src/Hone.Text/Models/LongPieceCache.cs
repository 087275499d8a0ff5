using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>Remembers the tokens of pieces that are too long for <see cref="PieceCache"/>, such as long words and rows
/// of blanks. Of fixed size: a new piece takes the place of an old one.</summary>
internal sealed class LongPieceCache
{
    /// <summary>The longest piece that is remembered, in bytes.</summary>
    public const int LongestPiece = 32;

    /// <summary>Most tokens of a piece.</summary>
    public const int MostTokens = 8;

    private const int Slots = 1 << 15;

    private readonly byte[] _pieces = new byte[Slots * LongestPiece];
    private readonly byte[] _sizes = new byte[Slots];       // bytes of the piece; 0 where none is
    private readonly byte[] _counts = new byte[Slots];
    private readonly int[] _ids = new int[Slots * MostTokens];
    private readonly byte[] _lengths = new byte[Slots * MostTokens];

    /// <summary>Adds the tokens of a piece to <paramref name="output"/>, if they are remembered.</summary>
    public bool TryAdd(ReadOnlySpan<byte> piece, TokenBuffer output)
    {
        var slot = SlotOf(piece);
        if (_sizes[slot] != piece.Length || !_pieces.AsSpan(slot * LongestPiece, piece.Length).SequenceEqual(piece))
        {
            return false;
        }

        output.AddRun(
            _ids.AsSpan(slot * MostTokens, _counts[slot]), _lengths.AsSpan(slot * MostTokens, _counts[slot]));
        return true;
    }

    /// <summary>Remembers that a piece became the tokens from <paramref name="first"/> on, if it is short and they are
    /// few enough.</summary>
    public void Put(ReadOnlySpan<byte> piece, TokenBuffer tokens, int first)
    {
        var count = tokens.Count - first;
        if (piece.Length > LongestPiece || count > MostTokens)
        {
            return;
        }

        var slot = SlotOf(piece);
        piece.CopyTo(_pieces.AsSpan(slot * LongestPiece));
        (_sizes[slot], _counts[slot]) = ((byte)piece.Length, (byte)count);
        for (var index = 0; index < count; index++)
        {
            _ids[(slot * MostTokens) + index] = tokens.Ids[first + index];
            _lengths[(slot * MostTokens) + index] = (byte)(tokens.Ends[first + index] - tokens.Starts[first + index]);
        }
    }

    private static int SlotOf(ReadOnlySpan<byte> piece) => (int)(ByteHash.Of(piece) & (Slots - 1));
}
