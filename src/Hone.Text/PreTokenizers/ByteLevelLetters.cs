using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.PreTokenizers;

/// <summary>Rewrites each byte of the pieces as its letter of the byte alphabet.</summary>
internal sealed class ByteLevelLetters : IPreTokenizer
{
    /// <inheritdoc/>
    public void Split(PreTokenizedText text)
    {
        for (var index = 0; index < text.Count; index++)
        {
            var start = text.NextText.Length;
            Rewrite(text.Text, text[index], text.NextText);
            text.Emit(start, text.NextText.Length);
        }

        text.CommitRewritten();
    }

    /// <summary>Appends the letters of the bytes of <paramref name="piece"/> to <paramref name="target"/>.</summary>
    public static void Rewrite(AlignedText source, Piece piece, AlignedText target)
    {
        var bytes = source.Bytes;
        for (var position = piece.Start; position < piece.End; position++)
        {
            target.AppendLike(new Rune(ByteAlphabet.LetterOf(bytes[position])), source, position);
        }
    }
}
