namespace Hone.Text.Patterns;

/// <summary>Turns a regular expression into steps.</summary>
internal sealed class RegexCompiler
{
    private const int MostSteps = 50_000;

    private readonly List<RegexStep> _steps = [];
    private readonly Counters _counters;

    private RegexCompiler(Counters counters) => _counters = counters;

    /// <summary>Compiles <paramref name="node"/>.</summary>
    /// <param name="node">The expression.</param>
    /// <param name="marks">How many marks the steps use.</param>
    /// <param name="leading">How many leading runs the steps have.</param>
    /// <exception cref="FormatException">It is too large, or looks behind at something of no fixed width.</exception>
    public static RegexProgram Compile(RegexNode node, out int marks, out int leading)
    {
        var counters = new Counters();
        var program = new RegexCompiler(counters).Whole(node, [], isOutermost: true);
        (marks, leading) = (counters.Marks, counters.Leading);
        return program;
    }

    private RegexProgram Whole(RegexNode node, int[] widths, bool isOutermost)
    {
        Add(node, isOutermost);
        Emit(new RegexStep(RegexAction.Accept));
        return new RegexProgram([.. _steps], widths);
    }

    private void Add(RegexNode node, bool leads)
    {
        switch (node)
        {
            case RegexNode.One one:
                Emit(new RegexStep(RegexAction.One) { Set = one.Set });
                break;
            case RegexNode.Chain chain:
                for (var index = 0; index < chain.Parts.Count; index++)
                {
                    Add(chain.Parts[index], leads && index == 0);
                }

                break;
            case RegexNode.Choice choice:
                AddChoice(choice, leads);
                break;
            case RegexNode.Repeat { Part: RegexNode.One one } run:
                AddRun(run, one, leads);
                break;
            case RegexNode.Repeat { Greed: Greed.Possessive } repeat:
                AddInner(RegexAction.Atomic, repeat with { Greed = Greed.Greedy }, negated: false, []);
                break;
            case RegexNode.Repeat repeat:
                AddRepeat(repeat);
                break;
            case RegexNode.At at:
                Emit(new RegexStep(RegexAction.At) { Anchor = at.Anchor });
                break;
            case RegexNode.Look { Behind: true } look:
                AddInner(RegexAction.LookBehind, look.Part, look.Negated, Widths(look.Part));
                break;
            case RegexNode.Look look:
                AddInner(RegexAction.LookAhead, look.Part, look.Negated, []);
                break;
            case RegexNode.Atomic atomic:
                AddInner(RegexAction.Atomic, atomic.Part, negated: false, []);
                break;
            default:
                throw new InvalidOperationException($"no steps are known for {node.GetType().Name}");
        }
    }

    private void AddRun(RegexNode.Repeat run, RegexNode.One one, bool leads) => Emit(new RegexStep(RegexAction.Run)
    {
        Set = one.Set,
        Least = run.Least,
        Most = run.Most,
        Greed = run.Greed,
        Leading = leads && run.Most == int.MaxValue && run.Greed != Greed.Lazy ? _counters.Leading++ : -1,
    });

    private void AddChoice(RegexNode.Choice choice, bool leads)
    {
        List<int> jumps = [];
        for (var index = 0; index < choice.Parts.Count; index++)
        {
            var isLast = index == choice.Parts.Count - 1;
            var split = isLast ? -1 : Emit(new RegexStep(RegexAction.Split) { First = _steps.Count + 1 });
            Add(choice.Parts[index], leads);
            if (!isLast)
            {
                jumps.Add(Emit(new RegexStep(RegexAction.Jump)));
                _steps[split] = _steps[split] with { Second = _steps.Count };
            }
        }

        foreach (var jump in jumps)
        {
            _steps[jump] = _steps[jump] with { First = _steps.Count };
        }
    }

    private void AddRepeat(RegexNode.Repeat repeat)
    {
        for (var count = 0; count < repeat.Least; count++)
        {
            Add(repeat.Part, leads: false);
        }

        if (repeat.Most == int.MaxValue)
        {
            var mark = _counters.Marks++;
            var split = Emit(new RegexStep(RegexAction.Split));
            Emit(new RegexStep(RegexAction.Mark) { First = mark });
            Add(repeat.Part, leads: false);
            Emit(new RegexStep(RegexAction.Moved) { First = mark });
            Emit(new RegexStep(RegexAction.Jump) { First = split });
            Aim(split, split + 1, _steps.Count, repeat.Greed);
            return;
        }

        List<int> splits = [];
        for (var count = repeat.Least; count < repeat.Most; count++)
        {
            splits.Add(Emit(new RegexStep(RegexAction.Split)));
            Add(repeat.Part, leads: false);
        }

        foreach (var split in splits)
        {
            Aim(split, split + 1, _steps.Count, repeat.Greed);
        }
    }

    private void AddInner(RegexAction action, RegexNode part, bool negated, int[] widths) => Emit(new RegexStep(action)
    {
        Inner = new RegexCompiler(_counters).Whole(part, widths, isOutermost: false),
        Negated = negated,
    });

    private void Aim(int split, int inside, int after, Greed greed) => _steps[split] = greed == Greed.Lazy
        ? _steps[split] with { First = after, Second = inside }
        : _steps[split] with { First = inside, Second = after };

    private int Emit(RegexStep step)
    {
        if (++_counters.Steps > MostSteps)
        {
            throw new FormatException(
                $"the pattern is too large: its repetitions unfold to more than {MostSteps} steps");
        }

        _steps.Add(step);
        return _steps.Count - 1;
    }

    private static int[] Widths(RegexNode part)
    {
        int[] widths = part is RegexNode.Choice choice ? [.. choice.Parts.Select(Width)] : [Width(part)];
        return [.. widths.Distinct()];
    }

    private static int Width(RegexNode node) => node switch
    {
        RegexNode.One => 1,
        RegexNode.Chain chain => chain.Parts.Sum(Width),
        RegexNode.At or RegexNode.Look => 0,
        RegexNode.Atomic atomic => Width(atomic.Part),
        RegexNode.Repeat repeat when repeat.Least == repeat.Most => checked(repeat.Least * Width(repeat.Part)),
        RegexNode.Choice choice when choice.Parts.Select(Width).Distinct().Count() == 1 => Width(choice.Parts[0]),
        _ => throw new FormatException(
            "the pattern looks behind at something of no fixed width, which is not supported"),
    };

    private sealed class Counters
    {
        public int Steps { get; set; }

        public int Marks { get; set; }

        public int Leading { get; set; }
    }
}
