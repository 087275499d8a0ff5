namespace Hone.Text.Pipeline;

/// <summary>Turns pieces into tokens. For one thread at a time.</summary>
internal interface IPieceEncoder
{
    /// <summary>Adds the tokens of <paramref name="piece"/> (not empty) with their byte positions inside it.</summary>
    public void Encode(ReadOnlySpan<byte> piece, TokenBuffer output);
}
