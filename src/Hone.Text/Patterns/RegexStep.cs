using Hone.Text.Unicode;

namespace Hone.Text.Patterns;

/// <summary>What a step of a compiled regular expression does.</summary>
internal enum RegexAction
{
    /// <summary>Takes one character of the set.</summary>
    One,

    /// <summary>Takes a run of characters of the set.</summary>
    Run,

    /// <summary>Goes on at <see cref="RegexStep.First"/>, or else at <see cref="RegexStep.Second"/>.</summary>
    Split,

    /// <summary>Goes on at <see cref="RegexStep.First"/>.</summary>
    Jump,

    /// <summary>Goes on if the place is right.</summary>
    At,

    /// <summary>Goes on if the inner program matches here (or, negated, does not), and stays here.</summary>
    LookAhead,

    /// <summary>Goes on if the inner program matches up to here (or, negated, does not).</summary>
    LookBehind,

    /// <summary>Takes what the inner program matches first.</summary>
    Atomic,

    /// <summary>Notes the place in the mark <see cref="RegexStep.First"/>.</summary>
    Mark,

    /// <summary>Goes on if the place has moved since the mark <see cref="RegexStep.First"/>.</summary>
    Moved,

    /// <summary>The whole program has matched.</summary>
    Accept,
}

/// <summary>One step of a compiled regular expression.</summary>
internal sealed record RegexStep(RegexAction Action)
{
    /// <summary>Where to go on, or the number of a mark.</summary>
    public int First { get; init; }

    /// <summary>Where to go on else.</summary>
    public int Second { get; init; }

    /// <summary>The characters to take.</summary>
    public CodePointSet Set { get; init; } = CodePointSet.Empty;

    /// <summary>The fewest characters of a run.</summary>
    public int Least { get; init; }

    /// <summary>The most characters of a run.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>How a run tries.</summary>
    public Greed Greed { get; init; }

    /// <summary>For an unlimited run that is the first thing the whole pattern (or one of its choices) takes: its
    /// number, else −1.</summary>
    public int Leading { get; init; } = -1;

    /// <summary>The place.</summary>
    public Anchor Anchor { get; init; }

    /// <summary>The inner program.</summary>
    public RegexProgram? Inner { get; init; }

    /// <summary>Whether the inner program must not match.</summary>
    public bool Negated { get; init; }
}

/// <summary>A compiled regular expression.</summary>
/// <param name="Steps">The steps; matching starts at the first.</param>
/// <param name="Widths">For what goes behind: the numbers of characters it can take; else empty.</param>
internal sealed record RegexProgram(RegexStep[] Steps, int[] Widths);
