using System.Runtime.CompilerServices;
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
    private readonly RuleScanner<MarkRule> _cutter = new(new MarkRule(mark));

    /// <inheritdoc/>
    public bool NeedsSpans => scheme == PrependScheme.First;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Split(PreTokenizedText text)
    {
        for (var index = 0; index < text.Count; index++)
        {
            var start = text.NextText.Length;
            Rewrite(text.Text, text[index], text.NextText);
            if (split)
            {
                _cutter.Cut(text.NextText.Padded, new Piece(start, text.NextText.Length), text.Emitted);
            }
            else
            {
                text.Emit(start, text.NextText.Length);
            }
        }

        text.CommitRewritten();
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

        target.AppendExpanded(source, piece.Start, piece.End, (byte)' ', _mark);
    }
}
