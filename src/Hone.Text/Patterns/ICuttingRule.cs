namespace Hone.Text.Patterns;

/// <summary>A rule by which each piece of a text begins where the one before ends, and its end depends on what comes,
/// never on what came.</summary>
internal interface ICuttingRule
{
    /// <summary>End of the piece that starts at <paramref name="start"/>, for any text.</summary>
    public int EndOfPiece(ReadOnlySpan<byte> text, int start);

    /// <summary>The pieces that start among <see cref="TextBlock.Size"/> bytes, one of them at the first:
    /// a bit each.</summary>
    /// <param name="padded">The text, with bytes to read after its end.</param>
    /// <param name="start">Where the bytes are.</param>
    /// <param name="count">How many of them are text: all, or fewer at its end.</param>
    /// <returns>No start is wrong, and none is missing before another; what the bytes alone do not decide is left out,
    /// with all that follows. The bit <paramref name="count"/> may stand for the end of the text.</returns>
    public ulong StartsIn(ReadOnlySpan<byte> padded, int start, int count);
}
