namespace Hone.Text;

/// <summary>A text as tokens.</summary>
/// <param name="Ids">The token ids.</param>
/// <param name="Tokens">The vocabulary's spelling of each token (an added token: the text it matched).</param>
/// <param name="Offsets">Start and end of each token in the input, flat, in Unicode code points; 0, 0 for a token that
/// the post-processor added.</param>
public sealed record TokenizedText(int[] Ids, string[] Tokens, int[] Offsets)
{
    /// <summary>1 for tokens that the post-processor added, else 0. A special token that stood in the text has
    /// 0.</summary>
    public required int[] SpecialTokensMask { get; init; }

    /// <summary>The type of each token, as the post-processor gives it: often 0 for the first text of a pair, 1 for the
    /// second.</summary>
    public required int[] TypeIds { get; init; }

    /// <summary>Which pre-token of its text each token belongs to; −1 for a token that the post-processor
    /// added.</summary>
    public required int[] WordIds { get; init; }

    /// <summary>0 or 1: the text of the pair that each token belongs to; −1 for a token that the post-processor
    /// added.</summary>
    public required int[] SequenceIds { get; init; }

    /// <summary>0 for tokens that only fill up, else 1.</summary>
    public required int[] AttentionMask { get; init; }

    /// <summary>What was cut off, in parts that are laid out as this one is.</summary>
    public IReadOnlyList<TokenizedText> Overflowing { get; init; } = [];
}
