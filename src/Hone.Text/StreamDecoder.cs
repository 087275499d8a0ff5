using Hone.Text.Decoders;

namespace Hone.Text;

/// <summary>Decodes ids as they come. The pieces of text joined are what <see cref="Tokenizer.Decode"/> gives for all
/// ids.</summary>
/// <remarks>
/// Text is given out once no later token can change it, so never half a character: of a character in several tokens
/// nothing comes before its last one, and a run of byte tokens comes when it ends.
/// </remarks>
public sealed class StreamDecoder
{
    private readonly Tokenizer _tokenizer;
    private readonly TextDecoding _decoding;
    private readonly bool _skipSpecialTokens;
    private bool _isFinished;

    internal StreamDecoder(Tokenizer tokenizer, TextDecoding decoding, bool skipSpecialTokens)
    {
        _tokenizer = tokenizer;
        _decoding = decoding;
        _skipSpecialTokens = skipSpecialTokens;
    }

    /// <summary>Takes the next id and returns the text that has become certain, often none.</summary>
    /// <exception cref="InvalidOperationException">The stream has been flushed.</exception>
    public string Append(int id)
    {
        if (_isFinished)
        {
            throw new InvalidOperationException("the stream has been flushed; open another one");
        }

        if (_tokenizer.TryGetToken(id, _skipSpecialTokens) is { } token)
        {
            _decoding.Add(token);
        }

        return _decoding.TakeText();
    }

    /// <summary>Ends the stream and returns what was held back; U+FFFD stands for a character that never became
    /// whole.</summary>
    public string Flush()
    {
        if (!_isFinished)
        {
            _decoding.Finish();
            _isFinished = true;
        }

        return _decoding.TakeText();
    }
}
