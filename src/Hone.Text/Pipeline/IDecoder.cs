namespace Hone.Text.Pipeline;

/// <summary>Turns tokens back into text. Immutable; each decoding opens stages of its own.</summary>
/// <remarks>
/// There is one way to decode: token by token through stages, each of which holds back what later tokens may still
/// change. Decoding a list runs the stages to their end, so a stream's pieces joined are the text by construction.
/// </remarks>
internal interface IDecoder
{
    /// <summary>Opens a stage that passes what it makes on to <paramref name="next"/>.</summary>
    public IDecodeStage Open(IDecodeStage next);
}

/// <summary>A step of a running decoding. A token comes as any number of fragments, then its end.</summary>
internal interface IDecodeStage
{
    /// <summary>Takes a fragment of the current token; never half a surrogate pair.</summary>
    public void Write(ReadOnlySpan<char> fragment);

    /// <summary>Takes the end of the current token.</summary>
    public void EndToken();

    /// <summary>Takes the end of all tokens, and passes it on.</summary>
    public void Finish();
}
