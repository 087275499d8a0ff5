using System.Numerics;
using System.Runtime.CompilerServices;
using Hone.Text.Patterns;
using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>Finds places where a piece may be cut without changing its tokens, so that long pieces become short,
/// cacheable ones.</summary>
/// <remarks>
/// SentencePiece tokenizers do not cut at words; their pieces are whole texts. But a merge across a place makes a token
/// that has the two bytes beside it inside. Where no merge makes such a token, nothing crosses that place, and the text
/// may be cut there. Looked at are the places before ASCII characters, and before the blank mark ▁ after another
/// character. What follows the place must be a token, so that no run of unknown characters crosses either, and unknown
/// characters must not vanish, since those shift the offsets of all that follows in the piece.
/// </remarks>
internal readonly struct BpeCuts : ICuttingRule
{
    private readonly bool _cutsAtMarks;
    private readonly ulong[] _joined;   // a bit for each two bytes: whether they may not be parted

    private readonly bool _marksKeepLetters;    // whether no ASCII letter after a mark may be parted from it

    private BpeCuts(bool cutsAtMarks, ulong[] joined)
    {
        (_cutsAtMarks, _joined) = (cutsAtMarks, joined);
        _marksKeepLetters = true;
        for (var letter = 'A'; letter <= 'z'; letter++)
        {
            _marksKeepLetters &= !char.IsAsciiLetter(letter) || !MayPart(Mark[^1], (byte)letter);
        }
    }

    private static ReadOnlySpan<byte> Mark => "\u2581"u8;

    /// <summary>Looks which cuts the merges of <paramref name="model"/> allow; null where none.</summary>
    public static IPieceCutter? Find(BpeModel model, IReadOnlyList<Merge> merges)
    {
        var options = model.Options;
        var bytes = Enumerable.Range(0, 256).Select(value => model.ByteToken((byte)value)).ToHashSet();
        bytes.Remove(-1);
        if (options is not { SymbolsAreBytes: false, IgnoreMerges: false, ContinuingPrefix: "", EndSuffix: "" }
            || options.UnknownId is null
            || merges.Any(merge => bytes.Contains(merge.Left) || bytes.Contains(merge.Right)))
        {
            return null;
        }

        var joined = NeverParted(model);
        var cutsAtMarks = model.Spelling.Find(Mark) >= 0;
        foreach (var merge in merges)
        {
            var result = model.Spelling.BytesOf(merge.Result);
            cutsAtMarks &= !HasMarkInside(result);
            for (var index = 1; index < result.Length; index++)
            {
                Join(joined, result[index - 1], result[index]);
            }
        }

        return new RuleScanner<BpeCuts>(new BpeCuts(cutsAtMarks, joined));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int EndOfPiece(ReadOnlySpan<byte> text, int start)
    {
        for (var place = start + 1; place < text.Length; place++)
        {
            if (MayPart(text[place - 1], text[place]) || (_cutsAtMarks && text[place] == Mark[0]
                && text[place..].StartsWith(Mark) && !text[start..place].EndsWith(Mark)))
            {
                return place;
            }
        }

        return text.Length;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong StartsIn(ReadOnlySpan<byte> padded, int start, int count)
    {
        var block = padded.Slice(start, TextBlock.Size);
        var marks = MarkRule.MarksIn(padded, start, count, Mark);
        var starts = _cutsAtMarks ? marks & ~(marks << Mark.Length) : 0;

        var kinds = TextBlock.Read(padded, start, TextBlock.Size);
        var inWords = kinds.Letters & ((kinds.Letters << 1) | (_marksKeepLetters ? marks << Mark.Length : 0));
        var places = ~kinds.NonAscii & ~inWords & ~1UL;
        for (; places != 0; places &= places - 1)
        {
            var place = BitOperations.TrailingZeroCount(places);
            starts |= MayPart(block[place - 1], block[place]) ? 1UL << place : 0;
        }

        return starts & (ulong.MaxValue >> (TextBlock.Size - count));
    }

    // Whatever the merges: what goes on with no known ASCII character; and letters, between which there is hardly ever
    // a cut, so that those few are not worth a look.
    private static ulong[] NeverParted(BpeModel model)
    {
        var joined = new ulong[256 * 256 / 64];
        for (var pair = 0; pair < 256 * 256; pair++)
        {
            var (before, next) = ((byte)(pair >> 8), (byte)pair);
            var areLetters = char.IsAsciiLetter((char)before) && char.IsAsciiLetter((char)next);
            if (next >= 0x80 || model.FirstSymbols[next] < 0 || areLetters)
            {
                Join(joined, before, next);
            }
        }

        return joined;
    }

    private bool MayPart(byte before, byte next) => (_joined[(before << 2) | (next >> 6)] >> (next & 63) & 1) == 0;

    private static void Join(ulong[] joined, byte before, byte next) =>
        joined[(before << 2) | (next >> 6)] |= 1UL << (next & 63);

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
