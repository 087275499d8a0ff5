using Hone.Text.Pipeline;

namespace Hone.Text.PreTokenizers;

/// <summary>Cuts after every so many characters.</summary>
internal sealed class FixedLengthPreTokenizer(int length) : IPreTokenizer
{
    /// <inheritdoc/>
    public void Split(PreTokenizedText text)
    {
        for (var index = 0; index < text.Count; index++)
        {
            var piece = text[index];
            var bytes = text.BytesOf(piece);
            var start = 0;
            while (start < bytes.Length)
            {
                var end = start;
                for (var count = 0; count < length && end < bytes.Length; count++)
                {
                    end += Utf8Text.LengthAt(bytes, end);
                }

                text.Emit(piece.Start + start, piece.Start + end);
                start = end;
            }
        }

        text.Commit();
    }
}
