using Hone.Text.Pipeline;
using Hone.Text.Unicode;

namespace Hone.Text.PreTokenizers;

/// <summary>Cuts where the script of the letters changes; Hiragana and Katakana count as Han, blanks as any
/// script.</summary>
internal sealed class ScriptPreTokenizer : IPreTokenizer
{
    private const int LongVowelMark = 0x30FC;

    /// <inheritdoc/>
    public void Split(PreTokenizedText text)
    {
        for (var index = 0; index < text.Count; index++)
        {
            var piece = text[index];
            var bytes = text.BytesOf(piece);
            var start = -1;
            string? last = null;
            for (var position = 0; position < bytes.Length;)
            {
                var script = ScriptOf(Utf8Text.CodePointAt(bytes, position, out var length));
                if (script is not null && script != last)
                {
                    if (start >= 0)
                    {
                        text.Emit(piece.Start + start, piece.Start + position);
                    }

                    start = position;
                    last = script;
                }

                position += length;
            }

            // What goes before the first script is dropped, as in the library.
            if (start >= 0)
            {
                text.Emit(piece.Start + start, piece.End);
            }
        }

        text.Commit();
    }

    private static string? ScriptOf(int codePoint) => codePoint switch
    {
        LongVowelMark => "Han",
        ' ' => null,
        _ => UnicodeScripts.Of(codePoint) is "Hiragana" or "Katakana" ? "Han" : UnicodeScripts.Of(codePoint),
    };
}
