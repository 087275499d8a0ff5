using Hone.Models.Adapters;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>
/// The tokens of one forward pass over the cache: pieces of prompts, and the last token of each growing completion.
/// </summary>
internal sealed class StepBatch
{
    private readonly List<long> _ids = [];
    private readonly List<long> _positions = [];
    private readonly List<int> _lengths = [];
    private readonly List<long> _slots = [];
    private readonly List<CacheRow> _rows = [];
    private readonly List<int> _queryStarts = [0];
    private readonly List<long> _wanted = [];
    private readonly List<(int From, int To)> _copies = [];
    private readonly List<(AdapterCombination Adapters, int Tokens)> _uses = [];
    private readonly List<(AdapterCombination Adapters, int Tokens)> _wantedUses = [];
    private readonly List<(IVirtualTokens Tokens, long[] Places)> _prefixes = [];
    private readonly List<(IVirtualTokens Tokens, long[] Places)> _prompts = [];

    /// <summary>Tokens so far.</summary>
    public int Tokens => _ids.Count;

    /// <summary>Rows of logits that will come out.</summary>
    public int Wanted => _wanted.Count;

    /// <summary>Adds the next tokens of a sequence.</summary>
    /// <param name="row">Its pages.</param>
    /// <param name="tokens">What comes next in it.</param>
    /// <param name="length">Tokens of the sequence that angles are computed for.</param>
    /// <param name="wanted">How many of these tokens, the last ones, predict one each.</param>
    /// <param name="adapters">The adapters of the sequence; the tokens that they put before it are added at its
    /// beginning.</param>
    public void Add(CacheRow row, ReadOnlySpan<int> tokens, int length, int wanted, AdapterCombination adapters)
    {
        var before = _ids.Count;
        if (row.Length == 0 && adapters.Virtual is { } tokensBefore)
        {
            AddVirtual(row, tokensBefore, length);
        }

        AddTokens(row, tokens, length);
        _uses.Add((adapters, _ids.Count - before));
        _rows.Add(row);
        _queryStarts.Add(_ids.Count);
        if (wanted > 0)
        {
            _wantedUses.Add((adapters, wanted));
            for (var token = _ids.Count - wanted; token < _ids.Count; token++)
            {
                _wanted.Add(token);
            }
        }
    }

    /// <summary>
    /// The batch as tensors of the open scope, and no batch any more. What it needs in the cache is there then.
    /// </summary>
    public StepTensors Take(KeyValueCache cache)
    {
        cache.Copy(_copies);
        StorePrefixes(cache);
        var tensors = new StepTensors
        {
            Ids = Row(_ids),
            Positions = Row(_positions),
            Lengths = [.. _lengths],
            Slots = Row(_slots),
            BlockTable = BlockTable(),
            QueryStarts = Row(_queryStarts),
            ContextLengths = Row(_rows.ConvertAll(row => row.Length)),
            Wanted = Row(_wanted),
            Inserted = Inserted(),
            Uses = [.. _uses],
            WantedUses = [.. _wantedUses],
        };
        Clear();
        return tensors;
    }

    private void AddTokens(CacheRow row, ReadOnlySpan<int> tokens, int length)
    {
        var position = row.Length;
        Span<long> slots = tokens.Length <= 512 ? stackalloc long[tokens.Length] : new long[tokens.Length];
        row.Extend(tokens.Length, slots, _copies);
        _slots.AddRange(slots);
        foreach (var token in tokens)
        {
            _ids.Add(token);
            _positions.Add(position++);
            _lengths.Add(length);
        }
    }

    // Virtual tokens with embeddings go through the layers as others do; those with keys and values are only stored.
    private void AddVirtual(CacheRow row, IVirtualTokens tokens, int length)
    {
        if (tokens.Embeddings() is null)
        {
            var slots = new long[tokens.Count];
            row.Extend(tokens.Count, slots, _copies);
            _prefixes.Add((tokens, slots));
            return;
        }

        _prompts.Add((tokens, [.. Enumerable.Range(_ids.Count, tokens.Count).Select(place => (long)place)]));
        AddTokens(row, new int[tokens.Count], length);
    }

    private void StorePrefixes(KeyValueCache cache)
    {
        foreach (var (tokens, places) in _prefixes)
        {
            var slots = Tensor.From<long>(places, places.Length);
            for (var layer = 0; layer < cache.Keys.Length; layer++)
            {
                var (keys, values) = tokens.KeyValues(layer)!.Value;
                Fused.PagedStore(keys.Contiguous(), values.Contiguous(), cache.Keys[layer], cache.Values[layer], slots);
            }
        }
    }

    private InsertedRows? Inserted() => _prompts.Count == 0
        ? null
        : new InsertedRows(
            Tensor.Of<long>([.. _prompts.SelectMany(prompt => prompt.Places)]),
            Tensor.Cat([.. _prompts.Select(prompt => prompt.Tokens.Embeddings()!)]));

    private static Tensor Row<T>(List<T> values)
        where T : unmanaged =>
        Tensor.From<T>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values), values.Count);

    private Tensor BlockTable()
    {
        var width = _rows.Max(row => row.Pages.Count);
        var table = new int[_rows.Count * width];
        for (var i = 0; i < _rows.Count; i++)
        {
            var pages = _rows[i].Pages;
            for (var j = 0; j < pages.Count; j++)
            {
                table[(i * width) + j] = pages[j];
            }
        }

        return Tensor.From<int>(table, _rows.Count, width);
    }

    private void Clear()
    {
        _ids.Clear();
        _positions.Clear();
        _lengths.Clear();
        _slots.Clear();
        _rows.Clear();
        _wanted.Clear();
        _copies.Clear();
        _uses.Clear();
        _wantedUses.Clear();
        _prefixes.Clear();
        _prompts.Clear();
        _queryStarts.RemoveRange(1, _queryStarts.Count - 1);
    }
}
