using System.Runtime.CompilerServices;
using System.Text;
using Hone.Text.Pipeline;
using Hone.Text.Unicode;

namespace Hone.Text.Normalizers;

/// <summary>Brings text into a normalization form of Unicode (Unicode Standard Annex 15).</summary>
/// <remarks>
/// Each character carries by how many characters it changes the text (see <see cref="TextRewrite"/>): the first of a
/// decomposition 0, each further one +1; a composition the sum of its two less one.
/// </remarks>
internal sealed class FormNormalizer(NormalForm form) : INormalizer
{
    // Below this code point no character of any form changes, and none composes with what follows it there.
    private const int FirstChanged = 0xA0;

    private readonly Lazy<ulong[]> _changed = new(() => Decompositions.Table.ChangedIn(form));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Rewrite(AlignedText source, AlignedText target)
    {
        var bytes = source.Bytes;
        var next = FirstChanging(bytes, 0, out var start);
        if (next < 0)
        {
            return false;
        }

        // What stands before a character that does not change is not changed by it or by what follows it: a stretch of
        // characters that may change, with the one before them, is rewritten by itself.
        var table = Decompositions.Table;
        var rewrite = new TextRewrite(source, target);
        List<Mapped> segment = [];
        List<int> parts = [];
        while (next >= 0)
        {
            rewrite.CopyTo(start);
            var position = start;
            do
            {
                parts.Clear();
                table.Decompose(Utf8Text.CodePointAt(bytes, position, out var length), form is NormalForm.Nfkc
                    or NormalForm.Nfkd, parts);
                position += length;
                for (var index = 0; index < parts.Count; index++)
                {
                    var mapped = new Mapped(parts[index], index == 0 ? 0 : 1, table.ClassOf(parts[index]));
                    Add(mapped, segment, ref rewrite);
                }
            }
            while (position < bytes.Length
                && (position == next || MayChange(_changed.Value, Utf8Text.CodePointAt(bytes, position, out _))));
            Flush(segment, ref rewrite);
            next = FirstChanging(bytes, position, out start);
        }

        rewrite.CopyTo(bytes.Length);
        return true;
    }

    // The first character from a place on that may change, −1 for none; and where the one before it starts, if that is
    // not before the place.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FirstChanging(ReadOnlySpan<byte> bytes, int from, out int start)
    {
        start = from;
        ulong[]? changed = null;
        for (var position = from; ;)
        {
            var skip = bytes[position..].IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            if (skip < 0)
            {
                return -1;
            }

            changed ??= _changed.Value;
            start = skip > 0 ? position + skip - 1 : start;
            for (position += skip; position < bytes.Length && bytes[position] >= 0x80;)
            {
                if (MayChange(changed, Utf8Text.CodePointAt(bytes, position, out var length)))
                {
                    return position;
                }

                start = position;
                position += length;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayChange(ulong[] changed, int codePoint) =>
        codePoint >= FirstChanged && (changed[codePoint / 64] >> (codePoint % 64) & 1) != 0;

    // A segment is a starter with the marks after it; when composing, starters that may still join stay in it too.
    private void Add(Mapped next, List<Mapped> segment, ref TextRewrite rewrite)
    {
        if (next.Class == 0)
        {
            var joins = segment.Count > 0 && form is NormalForm.Nfc or NormalForm.Nfkc;
            if (!joins)
            {
                Flush(segment, ref rewrite);
            }
            else
            {
                Settle(segment);
                if (segment.Count == 1 && TryJoin(segment, 0, next))
                {
                    return;
                }

                Write(segment, ref rewrite);
            }
        }

        segment.Add(next);
    }

    private void Flush(List<Mapped> segment, ref TextRewrite rewrite)
    {
        Settle(segment);
        Write(segment, ref rewrite);
    }

    /// <summary>Orders the marks of the segment and, when composing, joins to the starter what joins.</summary>
    private void Settle(List<Mapped> segment)
    {
        SortMarks(segment);
        if (form is NormalForm.Nfd or NormalForm.Nfkd || segment.Count < 2 || segment[0].Class != 0)
        {
            return;
        }

        var kept = 1;
        var lastClass = 0;
        for (var index = 1; index < segment.Count; index++)
        {
            // A mark is blocked from the starter by one of its own class that stayed between them.
            var mark = segment[index];
            if ((lastClass < mark.Class || kept == 1) && TryJoin(segment, 0, mark))
            {
                continue;
            }

            lastClass = mark.Class;
            segment[kept++] = mark;
        }

        segment.RemoveRange(kept, segment.Count - kept);
    }

    private static bool TryJoin(List<Mapped> segment, int starter, Mapped next)
    {
        var joined = Decompositions.Table.Compose(segment[starter].CodePoint, next.CodePoint);
        if (joined < 0)
        {
            return false;
        }

        segment[starter] = new Mapped(joined, segment[starter].Change + next.Change - 1, 0);
        return true;
    }

    private static void SortMarks(List<Mapped> segment)
    {
        var first = segment.FindIndex(mapped => mapped.Class != 0);
        if (first < 0 || segment.Count - first < 2)
        {
            return;
        }

        var sorted = segment[first..].OrderBy(mapped => mapped.Class).ToList();
        segment.RemoveRange(first, sorted.Count);
        segment.AddRange(sorted);
    }

    private static void Write(List<Mapped> segment, ref TextRewrite rewrite)
    {
        foreach (var mapped in segment)
        {
            rewrite.Put(new Rune(mapped.CodePoint), mapped.Change);
        }

        segment.Clear();
    }

    private readonly record struct Mapped(int CodePoint, int Change, int Class);
}
