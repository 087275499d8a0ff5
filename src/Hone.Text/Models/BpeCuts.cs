namespace Hone.Text.Models;

/// <summary>Finds places where a piece may be cut without changing its tokens, so that long pieces become short,
/// cacheable ones.</summary>
/// <remarks>
/// SentencePiece tokenizers do not cut at words; their pieces are whole texts. But a merge across the place before a
/// blank mark ▁ makes a token that has the mark inside. Where no merge makes such a token, nothing crosses that place,
/// and the text may be cut there. The mark itself must be a token, so that no run of unknown characters crosses either,
/// and unknown characters must not vanish, since those shift the offsets of all that follows in the piece.
/// </remarks>
internal sealed class BpeCuts
{
    private readonly bool _cutsBeforeMark;

    private BpeCuts(bool cutsBeforeMark) => _cutsBeforeMark = cutsBeforeMark;

    private static ReadOnlySpan<byte> Mark => "\u2581"u8;

    /// <summary>Looks which cuts the merges of <paramref name="model"/> allow.</summary>
    public static BpeCuts Find(BpeModel model, IReadOnlyList<Merge> merges)
    {
        var options = model.Options;
        var isPlain = options is { SymbolsAreBytes: false, IgnoreMerges: false, ContinuingPrefix: "", EndSuffix: "" };
        if (!isPlain || options.UnknownId is null || model.Spelling.Find(Mark) < 0)
        {
            return new BpeCuts(false);
        }

        foreach (var merge in merges)
        {
            if (HasMarkInside(model.Spelling.BytesOf(merge.Result)))
            {
                return new BpeCuts(false);
            }
        }

        return new BpeCuts(true);
    }

    /// <summary>Where the unit that starts at <paramref name="start"/> ends: a cut, or the end of the piece.</summary>
    public int EndOfUnit(ReadOnlySpan<byte> piece, int start)
    {
        if (!_cutsBeforeMark)
        {
            return piece.Length;
        }

        var position = start;
        while (piece[position..].StartsWith(Mark))
        {
            position += Mark.Length;
        }

        var next = piece[position..].IndexOf(Mark);
        return next < 0 ? piece.Length : position + next;
    }

    // The mark after another character: "▁▁a" is no hindrance, "a▁" is.
    private static bool HasMarkInside(ReadOnlySpan<byte> token)
    {
        while (token.StartsWith(Mark))
        {
            token = token[Mark.Length..];
        }

        return token.IndexOf(Mark) >= 0;
    }
}
