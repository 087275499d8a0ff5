namespace Hone.Text.Pipeline;

/// <summary>A vocabulary and the rule by which pieces become tokens of it. Immutable.</summary>
internal interface ITokenModel
{
    /// <summary>The tokens by id.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The token that stands for what the vocabulary cannot express, where there is one.</summary>
    public int? UnknownId { get; }

    /// <summary>Cuts pieces into parts that can be encoded one by one; null where a piece is its only part.</summary>
    public IPieceCutter? Cuts => null;

    /// <summary>Opens an encoder, which holds the working memory of one thread.</summary>
    public IPieceEncoder OpenEncoder();
}
