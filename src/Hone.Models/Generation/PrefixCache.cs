using Hone.Models.Adapters;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>The key-value cache of an engine, and which beginnings of texts are in it.</summary>
/// <remarks>
/// A run makes one of its own unless the engine is given one: then what was computed stays, and a later run continues
/// from any of it, be it the turns of a chat or the nodes of a tree. A change of the weights makes it empty. It serves
/// one run at a time.
/// </remarks>
public sealed class PrefixCache : IDisposable
{
    private readonly Decoder _decoder;
    private readonly EngineOptions _options;
    private readonly int _limit;
    private KeyValueCache? _cache;
    private long _weightVersion;
    private long _steps;
    private bool _isInUse;

    /// <summary>Makes an empty cache; memory is taken as it is used.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="options">How large it may be, and how keys and values are kept.</param>
    public PrefixCache(Decoder decoder, EngineOptions options)
    {
        (_decoder, _options) = (decoder, options);
        _limit = (int)Math.Min(options.CacheBytes / PageBytes, int.MaxValue);
        Pool = new PagePool(_limit);
        Index = new PrefixIndex(Pool, options.PageSize);
    }

    /// <summary>Pages of texts that are remembered.</summary>
    public int RememberedPages => Index.Count;

    /// <summary>Pages that runs hold.</summary>
    internal int HeldPages => Pool.Live - Index.Count;

    internal PagePool Pool { get; }

    internal PrefixIndex Index { get; }

    /// <summary>The memory, once <see cref="Prepare"/> has been called.</summary>
    internal KeyValueCache Memory => _cache ?? throw new InvalidOperationException("the cache is not prepared");

    private DType CacheType => _options.CacheType(_decoder.ComputeType);

    private long PageBytes => KeyValueCache.PageBytes(_decoder.Config, CacheType, _options.PageSize);

    /// <summary>Forgets all that no run holds.</summary>
    public void Clear() => Index.Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
        Index.Clear();
        _cache?.Dispose();
        _cache = null;
    }

    /// <summary>Begins a run.</summary>
    /// <exception cref="InvalidOperationException">Another one has not ended.</exception>
    internal void Enter() => _isInUse = !_isInUse
        ? true
        : throw new InvalidOperationException(
            "generation: a prefix cache must serve one session at a time, another one is open; dispose of it first");

    /// <summary>Ends a run.</summary>
    internal void Leave() => _isInUse = false;

    /// <summary>Reserves the memory, and forgets what other weights have computed.</summary>
    /// <param name="expected">Pages that will likely be used.</param>
    internal void Prepare(long expected)
    {
        if (_weightVersion != _decoder.WeightVersion)
        {
            Index.Clear();
            _weightVersion = _decoder.WeightVersion;
        }

        _cache ??= new KeyValueCache(_decoder.Config, CacheType, _options.PageSize, _limit, expected);
    }

    /// <summary>Begins a step of whichever run; its number is greater than all before.</summary>
    internal long NextStep() => ++_steps;

    /// <summary>Begins an empty row with the pages that hold the beginning of some tokens, as far as they are
    /// known.</summary>
    /// <param name="row">The row.</param>
    /// <param name="adapters">What the tokens are computed with.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="step">The step that is being prepared.</param>
    /// <returns>How many of the tokens are in them.</returns>
    internal int Begin(CacheRow row, AdapterCombination adapters, ReadOnlySpan<int> tokens, long step)
    {
        var (pages, length) = Index.Find(adapters, tokens, step);
        row.Begin(pages, length);
        return length;
    }

    /// <summary>Whether pages can be taken; what is only remembered gives way.</summary>
    internal bool HasRoom(int pages)
    {
        while (Pool.Free < pages && Index.Evict())
        {
        }

        return Pool.Free >= pages;
    }

    /// <summary>Forgets the longest unused beyond the memory that may be spent on it.</summary>
    internal void Trim()
    {
        while (Index.Count * PageBytes > _options.PrefixBytes && Index.Evict())
        {
        }
    }
}
