using Hone.Models.Adapters;

namespace Hone.Models.Generation;

/// <summary>How many tokens and pages requests come to.</summary>
/// <param name="decoder">The model.</param>
/// <param name="options">Sizes of pages and cache.</param>
/// <param name="pageLimit">Pages that there may be.</param>
internal sealed class RequestSizes(Decoder decoder, EngineOptions options, int pageLimit)
{
    /// <summary>Tokens that a completion may have.</summary>
    public int NewTokenLimit(GenerationRequest request) =>
        Math.Min(request.Options.MaxNewTokens, decoder.Config.ContextLength - PromptLength(request));

    /// <summary>Pages that a request may come to.</summary>
    public int Pages(GenerationRequest request) => Pages(PromptLength(request) + NewTokenLimit(request));

    /// <summary>Refuses a request that cannot be served even by itself.</summary>
    /// <exception cref="CheckpointException">The cache is too small for it.</exception>
    public void Check(GenerationRequest request)
    {
        // A prompt's last page is copied when a completion first writes to it, unless it is full.
        var needed = Pages(request) + (PromptLength(request) % options.PageSize == 0 ? 0 : 1);
        if (needed > pageLimit)
        {
            throw new CheckpointException(
                $"generation engine: the cache must hold a prompt of {request.Prompt.Length} tokens and its "
                + $"completion, {needed} pages; cache_bytes {options.CacheBytes} are {pageLimit} pages; "
                + "raise cache_bytes or lower max_new_tokens");
        }
    }

    /// <summary>
    /// Whether pages can serve others that begin alike. Pages with virtual tokens hold no tokens that could be looked
    /// for; where angles depend on the length of the whole, so do keys.
    /// </summary>
    public bool IsShareable(AdapterCombination adapters) =>
        adapters.VirtualTokens == 0 && !decoder.Rotations.DependOnLength;

    private int PromptLength(GenerationRequest request) =>
        decoder.Adapters.Find(request.Adapter).VirtualTokens + request.Prompt.Length;

    private int Pages(int tokens) => (tokens + options.PageSize - 1) / options.PageSize;
}
