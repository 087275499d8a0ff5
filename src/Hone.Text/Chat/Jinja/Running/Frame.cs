namespace Hone.Text.Chat.Jinja;

/// <summary>The variables of one function while it runs: the template itself, a macro, a round of a recursive
/// loop.</summary>
/// <param name="context">What names mean that no function knows.</param>
/// <param name="slots">How many variables it has.</param>
/// <param name="outer">The function around it.</param>
/// <param name="output">Where it writes.</param>
internal sealed class Frame(Context context, int slots, Frame? outer, OutputBuffer output)
{
    /// <summary>The variables; null for one that is not set.</summary>
    public Value?[] Slots { get; } = slots == 0 ? [] : new Value?[slots];

    /// <summary>The function around it.</summary>
    public Frame? Outer => outer;

    /// <summary>What names mean that no function knows.</summary>
    public Context Context => context;

    /// <summary>The rendering.</summary>
    public Run Run => context.Run;

    /// <summary>Where it writes.</summary>
    public OutputBuffer Output { get; set; } = output;
}
