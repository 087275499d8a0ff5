namespace Hone.Text.Pipeline;

/// <summary>Adds special tokens to finished sequences and adjusts offsets and types.</summary>
internal interface IPostProcessor
{
    /// <summary>Replaces the sequences, one or two, by what comes of them; joined in order they are the
    /// result.</summary>
    public void Process(List<TokenSequence> sequences, bool addSpecialTokens);
}
