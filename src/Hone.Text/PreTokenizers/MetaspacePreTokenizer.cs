using System.Text;
using Hone.Text.Patterns;
using Hone.Text.Pipeline;

namespace Hone.Text.PreTokenizers;

/// <summary>Whether a text gets a blank put before it.</summary>
internal enum PrependScheme
{
    /// <summary>Each piece that has none.</summary>
    Always,

    /// <summary>The piece at the start of the input, if it has none.</summary>
    First,

    /// <summary>No.</summary>
    Never,
}

/// <summary>Writes blanks as a visible mark and cuts before each mark.</summary>
internal sealed class MetaspacePreTokenizer(Rune mark, PrependScheme scheme, bool split) : IPreTokenizer
{
    private readonly byte[] _mark = Encoding.UTF8.GetBytes(mark.ToString());
    private readonly SplitPreTokenizer _cut =
        new(new LiteralPattern(mark.ToString()), SplitBehavior.MergedWithNext, invert: false);

    /// <inheritdoc/>
    public bool NeedsSpans => scheme == PrependScheme.First;

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
        if (split)
        {
            _cut.Split(text);
        }
    }

    private void Rewrite(AlignedText source, Piece piece, AlignedText target)
    {
        var bytes = source.Bytes[..piece.End];
        var begins = bytes[piece.Start] == ' ' || bytes[piece.Start..].StartsWith(_mark);
        if (!begins && (
            scheme == PrependScheme.Always || (scheme == PrependScheme.First && source.StartOf(piece.Start) == 0)))
        {
            target.AppendLike(_mark, source, piece.Start);
        }

        for (var position = piece.Start; position < piece.End;)
        {
            var blank = bytes[position..].IndexOf((byte)' ');
            var end = blank < 0 ? piece.End : position + blank;
            target.Append(source, position, end);
            if (blank >= 0)
            {
                target.AppendLike(_mark, source, end++);
            }

            position = end;
        }
    }
}
