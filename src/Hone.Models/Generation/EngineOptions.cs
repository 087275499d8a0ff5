using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>How much a generation engine does at once, and how it keeps what it reads. Only <see cref="Weights"/> and
/// <see cref="Cache"/> change what is generated.</summary>
public sealed record EngineOptions
{
    /// <summary>Completions that grow at the same time.</summary>
    public int MaxBatch { get; init; } = 256;

    /// <summary>Prompt tokens that are computed in one step; longer prompts are split.</summary>
    public int PrefillTokens { get; init; } = 2048;

    /// <summary>Tokens in a page of the cache: 16, 32 or 64.</summary>
    public int PageSize { get; init; } = 16;

    /// <summary>Bytes that keys and values may take; memory is taken as it is needed.</summary>
    public long CacheBytes { get; init; } = 4L << 30;

    /// <summary>Bytes of the cache that may hold beginnings of texts which no completion uses at the moment.</summary>
    public long PrefixBytes { get; init; } = 256L << 20;

    /// <summary>Which way the model is computed.</summary>
    public GenerationPathChoice Path { get; init; }

    /// <summary>Where drafts of the next tokens come from, so that a pass gives more than one; null for none.</summary>
    public Speculation? Speculation { get; init; }

    /// <summary>How weights are kept; in few bits only the fused step reads them.</summary>
    public GenerationWeights Weights { get; init; }

    /// <summary>How keys and values are kept; in few bits only the fused step reads them.</summary>
    public GenerationCache Cache { get; init; }

    /// <summary>Whether anything is kept in few bits.</summary>
    public bool KeepsFewBits => FewBits is not null;

    /// <summary>
    /// What the options keep in few bits, in words that go after "the engine keeps …"; null where it is nothing.
    /// </summary>
    internal string? FewBits => (WeightWords, Cache) switch
    {
        (null, GenerationCache.Compute) => null,
        (null, _) => "keys and values in 8 bits",
        ({ } weights, GenerationCache.Compute) => weights,
        ({ } weights, _) => $"{weights}, keys and values in 8 bits",
    };

    /// <summary>The dtype of the cache's pages.</summary>
    /// <param name="compute">The dtype of products.</param>
    internal DType CacheType(DType compute) => Cache == GenerationCache.Int8 ? DType.Int8 : compute;

    private string? WeightWords => Weights switch
    {
        GenerationWeights.Int8 => "weights in 8 bits",
        GenerationWeights.Int4 => "weights in 4 bits",
        GenerationWeights.Stored => "weights as the file stores them",
        _ => null,
    };

    /// <summary>Every fault, in words; empty when the options can be honoured.</summary>
    public IEnumerable<string> Problems()
    {
        (bool Broken, string Text)[] rules =
        [
            (MaxBatch < 1, $"max_batch: must be at least 1, got {MaxBatch}"),
            (PrefillTokens < 1, $"prefill_tokens: must be at least 1, got {PrefillTokens}"),
            (PageSize is not (16 or 32 or 64), $"page_size: must be 16, 32 or 64, got {PageSize}"),
            (CacheBytes < 1, $"cache_bytes: must be at least 1, got {CacheBytes}"),
            (Speculation is { DraftTokens: not (>= 1 and <= 64) },
                $"draft_tokens: must be from 1 to 64, got {Speculation?.DraftTokens}"),
            (Speculation is Speculation.Lookup { LongestRun: < 1 }, "longest_run: must be at least 1"),
            (PrefixBytes < 0, $"prefix_bytes: must be 0 or more, got {PrefixBytes}"),
            (FewBits is not null && Path == GenerationPathChoice.Composed,
                $"path: must not be \"composed\" with {FewBits}, which the fused step alone reads"),
        ];
        return rules.Where(rule => rule.Broken).Select(rule => rule.Text);
    }
}
