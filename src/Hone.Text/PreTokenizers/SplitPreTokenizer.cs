using System.Runtime.CompilerServices;
using Hone.Text.Patterns;
using Hone.Text.Pipeline;

namespace Hone.Text.PreTokenizers;

/// <summary>Cuts at the matches of a pattern.</summary>
/// <param name="pattern">Where to cut.</param>
/// <param name="behavior">What becomes of the matches.</param>
/// <param name="invert">Whether what lies between matches counts as the matches.</param>
internal sealed class SplitPreTokenizer(IPattern pattern, SplitBehavior behavior, bool invert) : IPreTokenizer
{
    // Where matches leave nothing out and all stay, they are the pieces.
    private readonly IPieceCutter? _cutter =
        behavior == SplitBehavior.Isolated || (behavior == SplitBehavior.Removed && invert)
            ? pattern as IPieceCutter
            : null;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Split(PreTokenizedText text)
    {
        for (var index = 0; index < text.Count; index++)
        {
            if (_cutter is null)
            {
                CutAtMatches(text, text[index]);
            }
            else
            {
                _cutter.Cut(text.Text.Padded, text[index], text.Emitted);
            }
        }

        text.Commit();
    }

    private void CutAtMatches(PreTokenizedText text, Piece piece)
    {
        var cutter = new Cutter(text, behavior, piece.Start);
        var bytes = text.BytesOf(piece);
        var last = 0;
        var from = 0;
        while (from <= bytes.Length && pattern.Find(bytes, from, out var start, out var end))
        {
            // As in Oniguruma's scan: an empty match that touches the match before it does not count.
            if (start == end && start == last && from > 0)
            {
                from += from < bytes.Length ? Utf8Text.LengthAt(bytes, from) : 1;
                continue;
            }

            cutter.Add(last, start, isMatch: invert);
            cutter.Add(start, end, isMatch: !invert);
            last = end;
            from = start == end ? end + (end < bytes.Length ? Utf8Text.LengthAt(bytes, end) : 1) : end;
        }

        cutter.Add(last, bytes.Length, isMatch: invert);
        cutter.Finish();
    }

    /// <summary>Joins and emits the spans of one piece, which come in order.</summary>
    private struct Cutter(PreTokenizedText text, SplitBehavior behavior, int origin)
    {
        private int _heldStart = 0;
        private int _heldEnd = -1;
        private bool _heldIsMatch = false;

        public void Add(int start, int end, bool isMatch)
        {
            if (start == end)
            {
                return;
            }

            switch (behavior)
            {
                case SplitBehavior.Removed when isMatch:
                    break;
                case SplitBehavior.Removed or SplitBehavior.Isolated:
                    text.Emit(origin + start, origin + end);
                    break;
                default:
                    Join(start, end, isMatch);
                    break;
            }
        }

        public void Finish()
        {
            if (_heldEnd > _heldStart)
            {
                text.Emit(origin + _heldStart, origin + _heldEnd);
            }
        }

        private void Join(int start, int end, bool isMatch)
        {
            var joins = behavior switch
            {
                SplitBehavior.MergedWithPrevious => isMatch && !_heldIsMatch,
                SplitBehavior.MergedWithNext => !isMatch && _heldIsMatch,
                _ => isMatch == _heldIsMatch,
            };
            if (!joins || _heldEnd < 0)
            {
                Finish();
                _heldStart = start;
            }

            _heldEnd = end;
            _heldIsMatch = isMatch;
        }
    }
}
