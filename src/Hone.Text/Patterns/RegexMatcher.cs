using Hone.Text.Pipeline;
using Hone.Text.Unicode;

namespace Hone.Text.Patterns;

/// <summary>Runs compiled regular expressions; holds the working memory of one search.</summary>
internal sealed class RegexMatcher(string pattern, int marks, int leading)
{
    private const long StepsPerByte = 10_000;
    private const long StepsAtLeast = 1_000_000;
    private const long StepsAtMost = 100_000_000;

    private readonly int[] _marks = new int[marks];
    private readonly int[] _failedUntil = new int[leading];
    private Entry[] _stack = new Entry[64];
    private int _top;
    private long _budget;

    private enum Kind
    {
        /// <summary>Go on at another step.</summary>
        Other,

        /// <summary>A greedy run can give back a character.</summary>
        Shorter,

        /// <summary>A lazy run can take a character more.</summary>
        Longer,

        /// <summary>A mark gets its earlier value back.</summary>
        Restore,
    }

    /// <summary>Prepares for a search through <paramref name="bytes"/> bytes.</summary>
    public void Begin(int bytes)
    {
        _budget = Math.Min(StepsAtMost, StepsAtLeast + (bytes * StepsPerByte));
        Array.Fill(_failedUntil, -1);
    }

    /// <summary>Where the match that starts at <paramref name="position"/> ends, −1 when there is none.</summary>
    /// <exception cref="TokenizerException">The search takes too many steps.</exception>
    public int Match(RegexProgram program, ReadOnlySpan<byte> text, int position)
    {
        var floor = _top;
        var origin = position;
        var at = 0;
        while (true)
        {
            if (--_budget < 0)
            {
                _top = 0;
                throw new TokenizerException(
                    $"the pattern \"{pattern}\"", $"a search through {text.Length} bytes takes too many steps");
            }

            var step = program.Steps[at];
            if (step.Action == RegexAction.Accept)
            {
                _top = floor;
                return position;
            }

            if (Take(step, text, origin, ref position, ref at))
            {
                continue;
            }

            if (!Backtrack(program, text, floor, ref position, ref at))
            {
                return -1;
            }
        }
    }

    private bool Take(RegexStep step, ReadOnlySpan<byte> text, int origin, ref int position, ref int at)
    {
        switch (step.Action)
        {
            case RegexAction.One:
                at++;
                return TakeOne(step.Set, text, ref position);
            case RegexAction.Run:
                return TakeRun(step, text, origin, ref position, ref at);
            case RegexAction.Split:
                Push(new Entry(Kind.Other, step.Second, position, 0));
                at = step.First;
                return true;
            case RegexAction.Jump:
                at = step.First;
                return true;
            case RegexAction.At:
                at++;
                return IsAt(step.Anchor, text, position);
            case RegexAction.LookAhead:
                at++;
                return Match(step.Inner!, text, position) >= 0 != step.Negated;
            case RegexAction.LookBehind:
                at++;
                return MatchesBehind(step.Inner!, text, position) != step.Negated;
            case RegexAction.Atomic:
                at++;
                position = Match(step.Inner!, text, position);
                return position >= 0;
            case RegexAction.Mark:
                Push(new Entry(Kind.Restore, step.First, _marks[step.First], 0));
                _marks[step.First] = position;
                at++;
                return true;
            case RegexAction.Moved:
                at++;
                return _marks[step.First] != position;
            default:
                throw new InvalidOperationException($"no way to take the step {step.Action}");
        }
    }

    private static bool TakeOne(CodePointSet set, ReadOnlySpan<byte> text, ref int position)
    {
        if (position == text.Length)
        {
            return false;
        }

        var codePoint = Utf8Text.CodePointAt(text, position, out var length);
        position += length;
        return set.Contains(codePoint);
    }

    private bool TakeRun(RegexStep step, ReadOnlySpan<byte> text, int origin, ref int position, ref int at)
    {
        // A leading run that failed from an earlier start fails from inside that run too: it can only end where that
        // one could.
        if (step.Leading >= 0 && origin < _failedUntil[step.Leading])
        {
            return false;
        }

        var goal = step.Greed == Greed.Lazy ? step.Least : step.Most;
        var count = 0;
        var low = position;
        var next = position;
        for (; count < goal && TakeOne(step.Set, text, ref next); count++)
        {
            position = next;
            low = count < step.Least ? position : low;
        }

        _budget -= count;
        if (step.Leading >= 0)
        {
            _failedUntil[step.Leading] = position;
        }

        if (count < step.Least)
        {
            return false;
        }

        at++;
        if (step.Greed == Greed.Greedy && position > low)
        {
            Push(new Entry(Kind.Shorter, at, position, low));
        }
        else if (step.Greed == Greed.Lazy && count < step.Most)
        {
            Push(new Entry(Kind.Longer, at, position, count));
        }

        return true;
    }

    private bool Backtrack(RegexProgram program, ReadOnlySpan<byte> text, int floor, ref int position, ref int at)
    {
        while (_top > floor)
        {
            ref var entry = ref _stack[_top - 1];
            switch (entry.Kind)
            {
                case Kind.Other:
                    (at, position) = (entry.Step, entry.Position);
                    _top--;
                    return true;
                case Kind.Restore:
                    _marks[entry.Step] = entry.Position;
                    _top--;
                    break;
                case Kind.Shorter:
                    at = entry.Step;
                    position = Utf8Text.Before(text, entry.Position);
                    entry = entry with { Position = position };
                    _top -= position <= entry.Limit ? 1 : 0;
                    return true;
                default:
                    var run = program.Steps[entry.Step - 1];
                    position = entry.Position;
                    at = entry.Step;
                    if (TakeOne(run.Set, text, ref position))
                    {
                        entry = entry with { Position = position, Limit = entry.Limit + 1 };
                        _top -= entry.Limit == run.Most ? 1 : 0;
                        return true;
                    }

                    _top--;
                    break;
            }
        }

        return false;
    }

    private bool MatchesBehind(RegexProgram program, ReadOnlySpan<byte> text, int position)
    {
        foreach (var width in program.Widths)
        {
            var start = position;
            var left = width;
            for (; left > 0 && start > 0; left--)
            {
                start = Utf8Text.Before(text, start);
            }

            if (left == 0 && Match(program, text[..position], start) == position)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAt(Anchor anchor, ReadOnlySpan<byte> text, int position) => anchor switch
    {
        Anchor.LineStart => position == 0 || (text[position - 1] == '\n' && position < text.Length),
        Anchor.LineEnd => position == text.Length || text[position] == '\n',
        Anchor.TextStart => position == 0,
        Anchor.TextEnd => position == text.Length,
        Anchor.TextEndOrBreak => position == text.Length || (position == text.Length - 1 && text[position] == '\n'),
        Anchor.WordEdge => IsWordBefore(text, position) != IsWordAfter(text, position),
        Anchor.NoWordEdge => IsWordBefore(text, position) == IsWordAfter(text, position),
        _ => throw new InvalidOperationException($"no such anchor: {anchor}"),
    };

    private static bool IsWordBefore(ReadOnlySpan<byte> text, int position) =>
        position > 0 && CodePoint.IsWord(Utf8Text.CodePointAt(text, Utf8Text.Before(text, position), out _));

    private static bool IsWordAfter(ReadOnlySpan<byte> text, int position) =>
        position < text.Length && CodePoint.IsWord(Utf8Text.CodePointAt(text, position, out _));

    private void Push(Entry entry)
    {
        if (_top == _stack.Length)
        {
            Array.Resize(ref _stack, _top * 2);
        }

        _stack[_top++] = entry;
    }

    private readonly record struct Entry(Kind Kind, int Step, int Position, int Limit);
}
