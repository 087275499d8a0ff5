using System.Runtime.CompilerServices;
using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>Finds pieces that are tokens and become just these, without merging them.</summary>
/// <remarks>
/// A piece that is a token need not become it: other merges may come first. But let it be what a merge makes of two
/// tokens, each of which its own bytes become. While the bytes of both merge, the symbols that meet between them are
/// the last one of the left token and the first one of the right token as each stands at the time. Where no two of
/// these merge before one of them is gone, both tokens come about, and then the one that was asked for. Ranks tell the
/// times, provided that what a merge makes has merges of higher ranks alone; without that nothing is found. What was
/// found out about a token is kept for all threads.
/// </remarks>
internal sealed class WholeTokens
{
    /// <summary>The longest piece that is looked up, in bytes.</summary>
    public const int LongestPiece = 64;

    private const int None = -1;

    private readonly BpeModel _model;
    private readonly List<Merge> _merges;
    private readonly int[] _before;             // [merge], the one before it that makes the same token
    private readonly int[] _latest;             // [token], the last merge that makes it
    private readonly History[] _histories;      // [token]

    private WholeTokens(BpeModel model, List<Merge> merges)
    {
        (_model, _merges, _before) = (model, merges, new int[merges.Count]);
        _latest = new int[model.Spelling.Limit];
        _histories = new History[_latest.Length];
        Array.Fill(_latest, None);
        Array.Fill(_histories, new History { Rank = None });
        for (var index = 0; index < merges.Count; index++)
        {
            var (left, right, result, rank) = merges[index];
            (_before[index], _latest[result]) = (_latest[result], index);
            _histories[result] = new History
            {
                State = _before[index] == None ? State.OfOneMerge : State.OfSeveral,
                Left = left,
                Right = right,
                Rank = rank,
            };
        }
    }

    private enum State
    {
        OfOneMerge,
        OfSeveral,
        Whole,
        Never,
    }

    /// <summary>Takes in the merges of <paramref name="model"/>; null where they leave only merging.</summary>
    public static WholeTokens? Of(BpeModel model, IReadOnlyList<Merge> merges)
    {
        if (model.ContinuingPrefix.Length > 0 || model.EndSuffix.Length > 0 || model.Options.IgnoreMerges)
        {
            return null;
        }

        // Of two merges of a pair one counts, by the rank that the table gives it.
        List<Merge> counting = new(merges.Count);
        var last = new int[model.Spelling.Limit];
        Array.Fill(last, None);
        foreach (var merge in merges)
        {
            var slot = model.Merges.Find(merge.Left, merge.Right);
            var (result, rank) = (model.Merges.ResultAt(slot), model.Merges.RankAt(slot));
            if (result == merge.Result)
            {
                counting.Add(merge with { Rank = rank });
                last[result] = Math.Max(last[result], rank);
            }
        }

        return counting.Exists(merge => merge.Rank <= last[merge.Left] || merge.Rank <= last[merge.Right]
                || IsSymbol(model, merge.Result))
            ? null
            : new WholeTokens(model, counting);
    }

    /// <summary>The token that merging makes of a piece; −1 where it makes several, or that is not known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(ReadOnlySpan<byte> piece) =>
        piece.Length <= LongestPiece && _model.Spelling.Find(piece) is >= 0 and var token && IsWhole(token)
            ? token
            : -1;

    // The lengths of parts are less than that of the token, so that this ends. Threads that learn the same at the same
    // time write the same.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsWhole(int token)
    {
        ref var history = ref _histories[token];
        var state = history.State;
        if (state is State.OfOneMerge or State.OfSeveral)
        {
            var isWhole = state == State.OfSeveral ? ChooseMerge(token, ref history) : IsWholeOfOne(token, history);
            state = isWhole ? State.Whole : State.Never;
            history.State = state;
        }

        return state == State.Whole;
    }

    private bool IsWholeOfOne(int token, History history) => history.Rank == None
        ? IsSymbol(_model, token) && _model.Spelling.Find(_model.Spelling.BytesOf(token)) == token
        : IsMadeOf(history.Left, history.Right);

    private bool ChooseMerge(int token, ref History history)
    {
        for (var index = _latest[token]; index != None; index = _before[index])
        {
            var (left, right, _, rank) = _merges[index];
            if (IsMadeOf(left, right))
            {
                (history.Left, history.Right, history.Rank) = (left, right, rank);
                return true;
            }
        }

        return false;
    }

    private bool IsMadeOf(int left, int right) => IsWhole(left) && IsWhole(right) && StayApart(left, right);

    // Backwards in time: from both tokens down to the symbols that met first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool StayApart(int left, int right)
    {
        var (leftEnd, rightEnd) = (int.MaxValue, int.MaxValue);     // the rank by which each of them is gone
        while (true)
        {
            ref var leftHistory = ref _histories[left];
            ref var rightHistory = ref _histories[right];
            if (leftHistory.Rank == None && rightHistory.Rank == None)
            {
                return true;
            }

            // Of equal ranks the left one goes first.
            if (leftHistory.Rank > rightHistory.Rank)
            {
                (left, leftEnd) = (leftHistory.Right, leftHistory.Rank);
            }
            else
            {
                (right, rightEnd) = (rightHistory.Left, rightHistory.Rank);
            }

            if (_model.Merges.RankOf(left, right) is var rank && rank < leftEnd && rank <= rightEnd)
            {
                return false;
            }
        }
    }

    private static bool IsSymbol(BpeModel model, int token)
    {
        var bytes = model.Spelling.BytesOf(token);
        return bytes.Length > 0 && bytes.Length <= (model.Options.SymbolsAreBytes ? 1 : Utf8Text.LengthAt(bytes, 0));
    }

    /// <summary>How a token comes about: by the merge of two with a rank, or as a symbol with the rank
    /// <see cref="None"/>.</summary>
    private struct History
    {
        public int Left;
        public int Right;
        public int Rank;
        public volatile State State;
    }
}
