namespace Hone.Text.Pipeline;

/// <summary>A token that is looked for in the text itself, before the model sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="IsSpecial">Whether decoding may leave it out.</param>
internal sealed record AddedToken(int Id, string Content, bool IsSpecial)
{
    /// <summary>Whether it counts only where no word character touches it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Whether it takes the white space before it in.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it takes the white space after it in.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it is looked for in the normalized text, and normalized itself.</summary>
    public bool IsNormalized { get; init; }
}
