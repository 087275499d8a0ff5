using Hone.Text.Pipeline;

namespace Hone.Text.SentencePiece;

/// <summary>Normalizes as SentencePiece does: the longest entry of its table anywhere, user-defined pieces left alone,
/// blanks as ▁.</summary>
internal sealed class PieceNormalizer(PieceFile file, ByteTrie userDefined) : INormalizer
{
    private readonly byte[] _blank = file.EscapesBlanks ? [0xE2, 0x96, 0x81] : [(byte)' '];

    /// <inheritdoc/>
    public bool Rewrite(AlignedText source, AlignedText target)
    {
        var bytes = source.Bytes;
        var position = file.RemovesExtraBlanks ? AfterBlanks(bytes) : 0;
        if (position == bytes.Length)
        {
            // Nothing but blanks leaves nothing, not even the blank that is put before a text.
            return bytes.Length > 0;
        }

        if (file.AddsBlank && !file.BlankIsSuffix)
        {
            AddBlankOfOwn(source, position, target);
        }

        var afterBlank = file.RemovesExtraBlanks;
        while (position < bytes.Length)
        {
            var (replacement, length) = At(bytes[position..]);
            while (afterBlank && replacement is [(byte)' ', ..])
            {
                replacement = replacement[1..];
            }

            foreach (var value in replacement)
            {
                target.AppendLike(value == ' ' ? _blank : [value], source, position);
            }

            afterBlank = file.RemovesExtraBlanks && (replacement.IsEmpty ? afterBlank : replacement[^1] == ' ');
            position += length;
        }

        while (file.RemovesExtraBlanks && target.Bytes.EndsWith(_blank))
        {
            target.CutTo(target.Length - _blank.Length);
        }

        if (file.AddsBlank && file.BlankIsSuffix)
        {
            target.AppendLike(_blank, source, bytes.Length - 1);
        }

        return true;
    }

    // No character of the input stands behind it.
    private void AddBlankOfOwn(AlignedText source, int position, AlignedText target)
    {
        var at = source.Tracks ? source.StartOf(position) : 0;
        target.Append(_blank, at, at);
    }

    private int AfterBlanks(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        while (position < bytes.Length)
        {
            var (replacement, length) = At(bytes[position..]);
            if (replacement is not [(byte)' '])
            {
                break;
            }

            position += length;
        }

        return position;
    }

    private Prefix At(ReadOnlySpan<byte> rest)
    {
        var kept = userDefined.LongestAt(rest, out _);
        if (kept > 0)
        {
            return new Prefix(rest[..kept], kept);
        }

        var length = 0;
        var replacement = file.Map is { } map ? map.Find(rest, longest: true, out length) : [];
        return length > 0
            ? new Prefix(replacement, length)
            : new Prefix(rest[..Utf8Text.LengthAt(rest, 0)], Utf8Text.LengthAt(rest, 0));
    }

    private readonly ref struct Prefix(ReadOnlySpan<byte> replacement, int length)
    {
        private readonly ReadOnlySpan<byte> _replacement = replacement;

        public void Deconstruct(out ReadOnlySpan<byte> replacement, out int length)
        {
            replacement = _replacement;
            length = Length;
        }

        private int Length { get; } = length;
    }
}
