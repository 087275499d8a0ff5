using System.Text;

namespace Hone.Text.Pipeline;

/// <summary>The parts of a tokenizer, in the order in which text passes them. Immutable.</summary>
/// <param name="Normalizer">Changes text; null for none.</param>
/// <param name="PreTokenizer">Cuts text; null for none.</param>
/// <param name="Model">Makes tokens of pieces.</param>
/// <param name="PostProcessor">Adds special tokens; null for none.</param>
/// <param name="Decoder">Makes text of tokens.</param>
/// <param name="AddedTokens">Tokens that are looked for in the text itself.</param>
internal sealed record TokenPipeline(
    INormalizer? Normalizer,
    IPreTokenizer? PreTokenizer,
    ITokenModel Model,
    IPostProcessor? PostProcessor,
    IDecoder Decoder,
    IReadOnlyList<AddedToken> AddedTokens)
{
    /// <summary>How each added token stands in text: a normalized one as the normalizer leaves it.</summary>
    public IReadOnlyDictionary<AddedToken, string> Spellings { get; } = AddedTokens.ToDictionary(
        token => token, token => token.IsNormalized ? Normalized(token.Content, Normalizer) : token.Content);

    /// <summary>Finds the added tokens that are looked for in the text as it came.</summary>
    public AddedTokenFinder RawTokens { get; } = new([.. AddedTokens
        .Where(token => !token.IsNormalized)
        .Select(token => (Encoding.UTF8.GetBytes(token.Content), token))]);

    /// <summary>Finds the added tokens that are looked for in the normalized text.</summary>
    public AddedTokenFinder NormalizedTokens { get; } = new([.. AddedTokens
        .Where(token => token.IsNormalized)
        .Select(token => (Encoding.UTF8.GetBytes(Normalized(token.Content, Normalizer)), token))]);

    private static string Normalized(string content, INormalizer? normalizer)
    {
        var source = new AlignedText();
        var target = new AlignedText();
        source.Set(content, tracks: false);
        target.Clear(tracks: false);
        return Encoding.UTF8.GetString(normalizer?.Rewrite(source, target) == true ? target.Bytes : source.Bytes);
    }
}
