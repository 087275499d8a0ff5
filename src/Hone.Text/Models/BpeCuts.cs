using System.Runtime.Intrinsics;
using Hone.Text.Patterns;
using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>Finds places where a piece may be cut without changing its tokens, so that long pieces become short,
/// cacheable ones.</summary>
/// <remarks>
/// SentencePiece tokenizers do not cut at words; their pieces are whole texts. But a merge across the place before a
/// blank mark ▁ makes a token that has the mark inside. Where no merge makes such a token, nothing crosses that place,
/// and the text may be cut there. The mark itself must be a token, so that no run of unknown characters crosses either,
/// and unknown characters must not vanish, since those shift the offsets of all that follows in the piece.
/// </remarks>
internal readonly struct BpeCuts : ICuttingRule
{
    private static ReadOnlySpan<byte> Mark => "\u2581"u8;

    /// <summary>Looks which cuts the merges of <paramref name="model"/> allow; null where none.</summary>
    public static IPieceCutter? Find(BpeModel model, IReadOnlyList<Merge> merges)
    {
        var options = model.Options;
        var isPlain = options is { SymbolsAreBytes: false, IgnoreMerges: false, ContinuingPrefix: "", EndSuffix: "" };
        var cuts = isPlain && options.UnknownId is not null && model.Spelling.Find(Mark) >= 0
            && merges.All(merge => !HasMarkInside(model.Spelling.BytesOf(merge.Result)));
        return cuts ? new RuleScanner<BpeCuts>(new BpeCuts()) : null;
    }

    /// <inheritdoc/>
    public int EndOfPiece(ReadOnlySpan<byte> text, int start)
    {
        var position = start;
        while (text[position..].StartsWith(Mark))
        {
            position += Mark.Length;
        }

        var next = text[position..].IndexOf(Mark);
        return next < 0 ? text.Length : position + next;
    }

    /// <inheritdoc/>
    public ulong StartsIn(ReadOnlySpan<byte> padded, int start, int count)
    {
        var bytes = Vector512.Create(padded.Slice(start, AsciiBlock.Size));
        var first = Vector512.Equals(bytes, Vector512.Create(Mark[0])).ExtractMostSignificantBits();
        var second = Vector512.Equals(bytes, Vector512.Create(Mark[1])).ExtractMostSignificantBits();
        var third = Vector512.Equals(bytes, Vector512.Create(Mark[2])).ExtractMostSignificantBits();
        var marks = first & (second >> 1) & (third >> 2);
        return marks & ~(marks << Mark.Length) & (ulong.MaxValue >> (AsciiBlock.Size - count));
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
