using Hone.Torch;

namespace Hone.Models.Adapters;

/// <summary>The tokens of a pass that one combination of adapters is for.</summary>
internal sealed class AdapterShare
{
    private readonly long[]? _tokens;

    /// <summary>Names the tokens.</summary>
    /// <param name="adapters">The combination.</param>
    /// <param name="tokens">The tokens by their place in the pass; null for all of them.</param>
    public AdapterShare(AdapterCombination adapters, long[]? tokens)
    {
        (Adapters, _tokens) = (adapters, tokens);
        Rows = tokens is null ? null : Tensor.From<long>(tokens, tokens.Length);
    }

    public AdapterCombination Adapters { get; }

    /// <summary>The tokens, int64 <c>[token]</c>; null for all of them.</summary>
    public Tensor? Rows { get; }

    /// <summary>The same share of a pass over some of the tokens; null where it has none of them.</summary>
    public AdapterShare? Among(long[] tokens)
    {
        if (_tokens is null)
        {
            return this;
        }

        var own = _tokens.ToHashSet();
        long[] kept = [.. tokens.Index().Where(token => own.Contains(token.Item)).Select(token => (long)token.Index)];
        return kept.Length == 0 ? null : new AdapterShare(Adapters, kept);
    }
}
