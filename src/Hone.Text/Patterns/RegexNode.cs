using Hone.Text.Unicode;

namespace Hone.Text.Patterns;

/// <summary>How often a repetition tries first, and whether it gives back.</summary>
internal enum Greed
{
    /// <summary>As often as possible, giving back.</summary>
    Greedy,

    /// <summary>As seldom as possible.</summary>
    Lazy,

    /// <summary>As often as possible, giving nothing back.</summary>
    Possessive,
}

/// <summary>A place in the text that matches without taking a character.</summary>
internal enum Anchor
{
    /// <summary><c>^</c>: start of a line.</summary>
    LineStart,

    /// <summary><c>$</c>: end of a line.</summary>
    LineEnd,

    /// <summary><c>\A</c>: start of the text.</summary>
    TextStart,

    /// <summary><c>\z</c>: end of the text.</summary>
    TextEnd,

    /// <summary><c>\Z</c>: end of the text, or before its last line break.</summary>
    TextEndOrBreak,

    /// <summary><c>\b</c>: between a word character and another.</summary>
    WordEdge,

    /// <summary><c>\B</c>: not between a word character and another.</summary>
    NoWordEdge,
}

/// <summary>A part of a regular expression.</summary>
internal abstract record RegexNode
{
    private RegexNode()
    {
    }

    /// <summary>One character of a set.</summary>
    public sealed record One(CodePointSet Set) : RegexNode;

    /// <summary>Parts one after the other.</summary>
    public sealed record Chain(IReadOnlyList<RegexNode> Parts) : RegexNode;

    /// <summary>The first part that lets the rest match.</summary>
    public sealed record Choice(IReadOnlyList<RegexNode> Parts) : RegexNode;

    /// <summary>A part, several times; <paramref name="Most"/> is int.MaxValue where there is no limit.</summary>
    public sealed record Repeat(RegexNode Part, int Least, int Most, Greed Greed) : RegexNode;

    /// <summary>A place.</summary>
    public sealed record At(Anchor Anchor) : RegexNode;

    /// <summary>What must, or must not, follow or go before.</summary>
    public sealed record Look(RegexNode Part, bool Behind, bool Negated) : RegexNode;

    /// <summary>A part that gives nothing back once it has matched.</summary>
    public sealed record Atomic(RegexNode Part) : RegexNode;
}
