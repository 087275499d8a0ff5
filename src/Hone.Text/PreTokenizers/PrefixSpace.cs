using Hone.Text.Pipeline;

namespace Hone.Text.PreTokenizers;

/// <summary>Puts a blank before each piece that does not begin with one.</summary>
internal sealed class PrefixSpace : IPreTokenizer
{
    /// <inheritdoc/>
    public void Split(PreTokenizedText text)
    {
        for (var index = 0; index < text.Count; index++)
        {
            var piece = text[index];
            var start = text.NextText.Length;
            if (text.Text.Bytes[piece.Start] != ' ')
            {
                text.NextText.AppendLike(" "u8, text.Text, piece.Start);
            }

            text.NextText.Append(text.Text, piece.Start, piece.End);
            text.Emit(start, text.NextText.Length);
        }

        text.CommitRewritten();
    }
}
