namespace Hone.Text.PreTokenizers;

/// <summary>What becomes of a match when text is cut at matches.</summary>
internal enum SplitBehavior
{
    /// <summary>It goes away.</summary>
    Removed,

    /// <summary>It is a piece of its own.</summary>
    Isolated,

    /// <summary>It ends the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>It begins the piece after it.</summary>
    MergedWithNext,

    /// <summary>Matches that touch are one piece.</summary>
    Contiguous,
}
