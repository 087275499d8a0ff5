using System.Text;

namespace Hone.Text.Pipeline;

/// <summary>The parts of a tokenizer, in the order in which text passes them. Immutable.</summary>
internal sealed class TokenPipeline
{
    private readonly Dictionary<AddedToken, string> _spellings;

    /// <summary>Puts the parts together; null stands for a part that is not there.</summary>
    public TokenPipeline(
        INormalizer? normalizer,
        IPreTokenizer? preTokenizer,
        ITokenModel model,
        IPostProcessor? postProcessor,
        IDecoder decoder,
        IReadOnlyList<AddedToken> addedTokens)
        : this(normalizer, preTokenizer, model, postProcessor, decoder, addedTokens, addedTokens)
    {
    }

    private TokenPipeline(
        INormalizer? normalizer,
        IPreTokenizer? preTokenizer,
        ITokenModel model,
        IPostProcessor? postProcessor,
        IDecoder decoder,
        IReadOnlyList<AddedToken> addedTokens,
        IReadOnlyList<AddedToken> soughtTokens)
    {
        (Normalizer, PreTokenizer, Model, PostProcessor, Decoder) =
            (normalizer, preTokenizer, model, postProcessor, decoder);
        AddedTokens = addedTokens;
        _spellings = addedTokens.ToDictionary(
            token => token, token => token.IsNormalized ? Normalized(token.Content) : token.Content);
        RawTokens = FinderOf(soughtTokens.Where(token => !token.IsNormalized));
        NormalizedTokens = FinderOf(soughtTokens.Where(token => token.IsNormalized));
    }

    /// <summary>Changes text.</summary>
    public INormalizer? Normalizer { get; }

    /// <summary>Cuts text.</summary>
    public IPreTokenizer? PreTokenizer { get; }

    /// <summary>Makes tokens of pieces.</summary>
    public ITokenModel Model { get; }

    /// <summary>Adds special tokens.</summary>
    public IPostProcessor? PostProcessor { get; }

    /// <summary>Makes text of tokens.</summary>
    public IDecoder Decoder { get; }

    /// <summary>Tokens that are looked for in the text itself.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; }

    /// <summary>Finds the added tokens that are looked for in the text as it came.</summary>
    public AddedTokenFinder RawTokens { get; }

    /// <summary>Finds the added tokens that are looked for in the normalized text.</summary>
    public AddedTokenFinder NormalizedTokens { get; }

    /// <summary>How an added token stands in text: a normalized one as the normalizer leaves it.</summary>
    public string SpellingOf(AddedToken token) => _spellings[token];

    /// <summary>The same pipeline, which does not look for special tokens.</summary>
    public TokenPipeline WithSpecialTokensAsText() => new(
        Normalizer, PreTokenizer, Model, PostProcessor, Decoder, AddedTokens,
            [.. AddedTokens.Where(token => !token.IsSpecial)]);

    private AddedTokenFinder FinderOf(IEnumerable<AddedToken> tokens) =>
        new([.. tokens], token => Encoding.UTF8.GetBytes(SpellingOf(token)));

    private string Normalized(string content)
    {
        var source = new AlignedText();
        var target = new AlignedText();
        source.Set(content, tracks: false);
        target.Clear(tracks: false);
        return Encoding.UTF8.GetString(Normalizer?.Rewrite(source, target) == true ? target.Bytes : source.Bytes);
    }
}
