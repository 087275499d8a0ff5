namespace Hone.Text;

/// <summary>How texts with few tokens are filled up.</summary>
/// <param name="Id">The token that fills.</param>
/// <param name="Token">Its spelling.</param>
public sealed record Padding(int Id, string Token)
{
    /// <summary>Tokens of each text; null for as many as the longest text of the batch has.</summary>
    public int? Length { get; init; }

    /// <summary>The number of tokens is rounded up to a multiple of this; null for no rounding.</summary>
    public int? MultipleOf { get; init; }

    /// <summary>The type of the tokens that fill.</summary>
    public int TypeId { get; init; }

    /// <summary>Where they are put.</summary>
    public TextSide Side { get; init; }
}
