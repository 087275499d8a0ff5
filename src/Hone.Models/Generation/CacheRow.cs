namespace Hone.Models.Generation;

/// <summary>The pages of one sequence, and how many of its tokens are in them.</summary>
/// <param name="pool">Where pages come from.</param>
/// <param name="pageSize">Tokens in a page.</param>
internal sealed class CacheRow(PagePool pool, int pageSize)
{
    private readonly List<int> _pages = [];

    /// <summary>Tokens whose keys and values are stored.</summary>
    public int Length { get; private set; }

    /// <summary>The pages, in order.</summary>
    public IReadOnlyList<int> Pages => _pages;

    /// <summary>Takes room for more tokens. A shared last page is replaced by a copy first.</summary>
    /// <param name="count">Tokens that are about to be stored.</param>
    /// <param name="slots">Where the place of each goes: page · page size + offset.</param>
    /// <param name="copies">Where a pair (from, to) goes when a page must be copied.</param>
    public void Extend(int count, Span<long> slots, List<(int From, int To)> copies)
    {
        if (Length % pageSize != 0 && pool.IsShared(_pages[^1]))
        {
            var (shared, own) = (_pages[^1], pool.Take());
            copies.Add((shared, own));
            pool.Release(shared);
            _pages[^1] = own;
        }

        for (var i = 0; i < count; i++)
        {
            if (Length % pageSize == 0)
            {
                _pages.Add(pool.Take());
            }

            slots[i] = ((long)_pages[^1] * pageSize) + (Length % pageSize);
            Length++;
        }
    }

    /// <summary>Another row with the same pages, in O(pages) and without copying any.</summary>
    public CacheRow Fork()
    {
        var fork = new CacheRow(pool, pageSize) { Length = Length };
        fork._pages.AddRange(_pages);
        foreach (var page in _pages)
        {
            pool.Share(page);
        }

        return fork;
    }

    /// <summary>Lets go of all pages.</summary>
    public void Clear()
    {
        foreach (var page in _pages)
        {
            pool.Release(page);
        }

        _pages.Clear();
        Length = 0;
    }
}
