namespace Hone.Text.Chat.Jinja;

/// <summary>How much one rendering may cost, so that a hostile template ends in an error and not in a full
/// machine.</summary>
public sealed record JinjaLimits
{
    /// <summary>The limits where nothing else is said.</summary>
    public static JinjaLimits Default { get; } = new();

    /// <summary>Steps: one for each part of a statement that is executed, more for what works through long texts and
    /// lists.</summary>
    public long Steps { get; init; } = 20_000_000;

    /// <summary>Characters of output (UTF-16).</summary>
    public int OutputLength { get; init; } = 8_000_000;

    /// <summary>What a rendering makes, all together, kept or not: each character counts one, each item of a list or a
    /// dict sixteen.</summary>
    public long Memory { get; init; } = 24_000_000;

    /// <summary>Calls inside of calls: macros, recursive loops, blocks.</summary>
    public int CallDepth { get; init; } = 150;

    /// <summary>Blocks inside of blocks, and expressions inside of expressions, in the template's text.</summary>
    public int SyntaxDepth { get; init; } = 200;
}
