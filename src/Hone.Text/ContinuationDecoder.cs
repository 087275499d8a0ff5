namespace Hone.Text;

/// <summary>Decodes what follows a prompt: the text that each further token adds to the prompt's own.</summary>
/// <remarks>
/// A tokenizer may spell the first token of a text without the space before it. Here no new token is the first, so that
/// the prompt's text and what is given out, joined, are the text of all tokens.
/// </remarks>
public sealed class ContinuationDecoder
{
    private readonly StreamDecoder _stream;
    private int _promptLeft;

    /// <summary>Opens a decoding of what follows a prompt.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="prompt">The tokens of the prompt; may be empty.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    public ContinuationDecoder(Tokenizer tokenizer, ReadOnlySpan<int> prompt, bool skipSpecialTokens)
    {
        _stream = tokenizer.OpenStream(skipSpecialTokens);
        _promptLeft = tokenizer.Decode(prompt, skipSpecialTokens).Length;
        foreach (var id in prompt)
        {
            AfterPrompt(_stream.Append(id));
        }
    }

    /// <summary>The text of all of <paramref name="tokens"/> after <paramref name="prompt"/>.</summary>
    public static string Decode(
        Tokenizer tokenizer, ReadOnlySpan<int> prompt, ReadOnlySpan<int> tokens, bool skipSpecialTokens)
    {
        var decoder = new ContinuationDecoder(tokenizer, prompt, skipSpecialTokens);
        var text = new System.Text.StringBuilder();
        foreach (var id in tokens)
        {
            text.Append(decoder.Append(id));
        }

        return text.Append(decoder.Flush()).ToString();
    }

    /// <summary>Takes the next id and returns the text that has become certain, often none.</summary>
    public string Append(int id) => AfterPrompt(_stream.Append(id));

    /// <summary>Ends the decoding and returns what was held back.</summary>
    public string Flush() => AfterPrompt(_stream.Flush());

    private string AfterPrompt(string piece)
    {
        var ofPrompt = Math.Min(_promptLeft, piece.Length);
        _promptLeft -= ofPrompt;
        return piece[ofPrompt..];
    }
}
