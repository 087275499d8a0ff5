using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Hone.Text.Patterns;

/// <summary>A piece begins at each mark that stands for a blank.</summary>
internal readonly struct MarkRule(Rune mark) : ICuttingRule
{
    private readonly byte[] _mark = Encoding.UTF8.GetBytes(mark.ToString());

    /// <inheritdoc/>
    public int EndOfPiece(ReadOnlySpan<byte> text, int start)
    {
        var next = text[(start + 1)..].IndexOf(_mark);
        return next < 0 ? text.Length : start + 1 + next;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong StartsIn(ReadOnlySpan<byte> padded, int start, int count) =>
        MarksIn(padded, start, count, _mark);

    /// <summary>Where marks begin among <paramref name="count"/> bytes from <paramref name="start"/> on, a bit each;
    /// one that goes beyond the block of <see cref="TextBlock.Size"/> bytes is left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MarksIn(ReadOnlySpan<byte> padded, int start, int count, ReadOnlySpan<byte> mark)
    {
        var bytes = Vector512.Create(padded.Slice(start, TextBlock.Size));
        var marks = ulong.MaxValue >> (TextBlock.Size - count);
        for (var index = 0; index < mark.Length; index++)
        {
            marks &= Vector512.Equals(bytes, Vector512.Create(mark[index])).ExtractMostSignificantBits() >> index;
        }

        return marks;
    }
}
