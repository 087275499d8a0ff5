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

    /// <summary>Pages that must be free for more tokens: new ones, and the copy of a last page that others hold as
    /// well.</summary>
    /// <param name="count">Tokens that are to be stored.</param>
    public int PagesFor(int count) =>
        ((Length + count + pageSize - 1) / pageSize) - _pages.Count + (count > 0 && LastIsShared ? 1 : 0);

    /// <summary>Takes room for more tokens. A shared last page is replaced by a copy first.</summary>
    /// <param name="count">Tokens that are about to be stored.</param>
    /// <param name="slots">Where the place of each goes: page · page size + offset.</param>
    /// <param name="copies">Where a pair (from, to) goes when a page must be copied.</param>
    public void Extend(int count, Span<long> slots, List<(int From, int To)> copies)
    {
        if (LastIsShared)
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

    /// <summary>Lets go of the last tokens, and of the pages that only they are in.</summary>
    /// <param name="length">Tokens that stay.</param>
    public void Truncate(int length)
    {
        for (var kept = (length + pageSize - 1) / pageSize; _pages.Count > kept; _pages.RemoveAt(_pages.Count - 1))
        {
            pool.Release(_pages[^1]);
        }

        Length = length;
    }

    /// <summary>Begins an empty row with pages that others hold.</summary>
    /// <param name="pages">The pages, in order.</param>
    /// <param name="length">Tokens in them that count.</param>
    public void Begin(IReadOnlyList<int> pages, int length)
    {
        foreach (var page in pages)
        {
            pool.Share(page);
            _pages.Add(page);
        }

        Length = length;
    }

    /// <summary>Another row with the same pages, in O(pages) and without copying any.</summary>
    public CacheRow Fork()
    {
        var fork = new CacheRow(pool, pageSize);
        fork.Begin(_pages, Length);
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

    private bool LastIsShared => Length % pageSize != 0 && pool.IsShared(_pages[^1]);
}
