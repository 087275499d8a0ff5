namespace Hone.Text.Models;

/// <summary>The scores of a unigram model, and where its two implementations differ.</summary>
internal sealed record UnigramOptions
{
    /// <summary>By how much an unknown character is worse than the worst token.</summary>
    public const double UnknownPenalty = 10;

    /// <summary>The score of each token; null for one that is not looked for in text.</summary>
    public required double?[] Scores { get; init; }

    /// <summary>The score of a character that no token covers.</summary>
    public required double UnknownScore { get; init; }

    /// <summary>The token for such characters; without one they are an error.</summary>
    public int? UnknownId { get; init; }

    /// <summary>Whether such characters become the tokens &lt;0x00&gt; to &lt;0xFF&gt; of their bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether sums are rounded to single precision, as SentencePiece keeps them; the <c>tokenizers</c>
    /// library does not.</summary>
    public bool InSinglePrecision { get; init; }

    /// <summary>Whether a run of unknown characters that happens to spell a token is that token, as in the
    /// <c>tokenizers</c> library.</summary>
    public bool LooksRunsUp { get; init; } = true;
}
