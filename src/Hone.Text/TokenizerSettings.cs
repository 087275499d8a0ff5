namespace Hone.Text;

/// <summary>What <c>tokenizer_config.json</c> says beside tokens.</summary>
public sealed record TokenizerSettings
{
    /// <summary>The most tokens that the model takes; null for no limit.</summary>
    public int? ModelMaxLength { get; init; }

    /// <summary>Where batches are filled up.</summary>
    public TextSide PaddingSide { get; init; }

    /// <summary>Where long texts are cut.</summary>
    public TextSide TruncationSide { get; init; }

    /// <summary>Whether the model's authors remove blanks before punctuation from decoded text. It is told and not
    /// done: <see cref="Tokenizer.Decode"/> gives the text of the tokens.</summary>
    public bool CleansUpSpaces { get; init; }
}
