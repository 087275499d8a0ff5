namespace Hone.Text.Pipeline;

/// <summary>Cuts sequences that have too many tokens, by the rules of the <c>tokenizers</c> library.</summary>
internal static class SequenceCutter
{
    /// <summary>Cuts a sequence, or one or both of a pair.</summary>
    /// <param name="first">The first one.</param>
    /// <param name="second">The second one; null for none.</param>
    /// <param name="truncation">How to cut.</param>
    /// <param name="room">The tokens that there is room for in both; below 0 nothing is cut.</param>
    /// <exception cref="TokenizerException">It cannot be cut so.</exception>
    public static (CutSequence First, CutSequence? Second) Cut(
        CutSequence first, CutSequence? second, Truncation truncation, int room)
    {
        var (one, two) = (first.Main.Count, second?.Main.Count ?? 0);
        if (room < 0 || (room > 0 && one + two <= room))
        {
            return (first, second);
        }

        if (room == 0)
        {
            return (Cut(first, 0, truncation), second is null ? null : Cut(second, 0, truncation));
        }

        var surplus = one + two - room;
        switch (truncation.Strategy)
        {
            case TruncationStrategy.OnlyFirst when one > surplus:
                return (Cut(first, one - surplus, truncation), second);
            case TruncationStrategy.OnlySecond when two > surplus:
                return (first, Cut(second!, two - surplus, truncation));
            case TruncationStrategy.OnlySecond when second is null:
                throw new TokenizerException("truncation", "must have a second text to cut, but there is none");
            case TruncationStrategy.OnlyFirst or TruncationStrategy.OnlySecond:
                throw new TokenizerException(
                    "truncation",
                    $"must leave a token of the text that is cut, but {surplus} of {one + two} tokens are too many; "
                    + "make the length larger, or cut both texts");
            case TruncationStrategy.LongestFirst when second is null:
                return (Cut(first, room, truncation), null);
            default:
                var (shorter, longer) = Shares(Math.Min(one, two), room);
                return one <= two
                    ? (Cut(first, shorter, truncation), Cut(second!, longer, truncation))
                    : (Cut(first, longer, truncation), Cut(second!, shorter, truncation));
        }
    }

    // The shorter one stays whole while the other alone can make room; else both get half.
    private static (int Shorter, int Longer) Shares(int shorter, int room)
    {
        var longer = shorter > room ? shorter : Math.Max(shorter, room - shorter);
        return shorter + longer > room ? (room / 2, (room / 2) + (room % 2)) : (shorter, longer);
    }

    private static CutSequence Cut(CutSequence whole, int length, Truncation truncation)
    {
        var (sequence, stride) = (whole.Main, truncation.Stride);
        if (length >= sequence.Count)
        {
            return whole;
        }

        if (length == 0)
        {
            return new CutSequence(new TokenSequence(), [sequence]);
        }

        if (stride >= length)
        {
            throw new TokenizerException(
                "truncation", $"must have a stride below the {length} tokens that a part has room for, but it is "
                + $"{stride}");
        }

        List<TokenSequence> parts = [];
        for (var from = 0; ; from += length - stride)
        {
            var (start, end) = truncation.Side == TextSide.Right
                ? (from, Math.Min(from + length, sequence.Count))
                : (Math.Max(0, sequence.Count - from - length), sequence.Count - from);
            parts.Add(sequence.Slice(start, end));
            if (truncation.Side == TextSide.Right ? end == sequence.Count : start == 0)
            {
                return new CutSequence(parts[0], parts[1..]);
            }
        }
    }
}

/// <summary>A sequence and what was cut off it.</summary>
/// <param name="Main">What is left.</param>
/// <param name="Overflowing">The other parts, in order from where it was cut.</param>
internal sealed record CutSequence(TokenSequence Main, IReadOnlyList<TokenSequence> Overflowing);
