using System.Globalization;
using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.SentencePiece;

/// <summary>The pieces of a model, laid out for encoding.</summary>
internal sealed class PieceTables
{
    private readonly Vocabulary _found;

    /// <summary>Lays out the pieces.</summary>
    /// <exception cref="FormatException">No piece is the unknown one, or a byte has none although bytes are asked
    /// for.</exception>
    public PieceTables(PieceFile file)
    {
        var entries = file.Pieces.Select((piece, id) => (Token: Encoding.UTF8.GetBytes(piece.Text), Id: id)).ToList();
        Vocabulary = new Vocabulary(entries);
        _found = new Vocabulary([.. entries.Where(entry => IsFoundInText(file.Pieces[entry.Id].Kind))]);
        UnknownId = file.Pieces.FindIndex(piece => piece.Kind == PieceKind.Unknown);
        if (UnknownId < 0)
        {
            throw new FormatException("has no piece of the kind UNKNOWN");
        }

        foreach (var (token, id) in entries)
        {
            if (file.Pieces[id].Kind == PieceKind.UserDefined)
            {
                UserDefined.Add(token, id);
            }
        }

        ByteTokens = file.ByteFallback ? [.. Enumerable.Range(0, 256).Select(value => ByteToken(file, value))] : [];
    }

    /// <summary>All pieces.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The piece for what no other covers.</summary>
    public int UnknownId { get; }

    /// <summary>The user-defined pieces.</summary>
    public ByteTrie UserDefined { get; } = new();

    /// <summary>The piece of each byte; empty where unknown characters do not become bytes.</summary>
    public int[] ByteTokens { get; }

    /// <summary>Whether pieces of the kind are looked for in text.</summary>
    public static bool IsFoundInText(PieceKind kind) => kind is PieceKind.Normal or PieceKind.UserDefined;

    /// <summary>The id of a piece that is looked for in text, −1 where there is none.</summary>
    public int Find(ReadOnlySpan<byte> text) => _found.Find(text);

    private int ByteToken(PieceFile file, int value)
    {
        var id = Vocabulary.Find(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"));
        return id >= 0 && file.Pieces[id].Kind == PieceKind.Byte
            ? id
            : throw new FormatException(
                $"lets unknown characters become bytes, but has no piece for the byte 0x{value:X2}");
    }
}
