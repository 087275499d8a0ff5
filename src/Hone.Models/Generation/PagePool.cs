namespace Hone.Models.Generation;

/// <summary>Numbers of cache pages: which are free, and how many hold on to each that is not.</summary>
/// <param name="limit">Pages that there may be.</param>
internal sealed class PagePool(int limit)
{
    private readonly List<int> _holders = [];
    private readonly Stack<int> _free = [];

    /// <summary>Pages that there may be.</summary>
    public int Limit => limit;

    /// <summary>Pages that somebody holds.</summary>
    public int Live => _holders.Count - _free.Count;

    /// <summary>Pages that can be taken.</summary>
    public int Free => limit - Live;

    /// <summary>Whether a page is held once more than by the caller.</summary>
    public bool IsShared(int page) => _holders[page] > 1;

    /// <summary>
    /// Takes a free page: one that was in use before where there is one, since its memory is there already.
    /// </summary>
    public int Take()
    {
        if (!_free.TryPop(out var page))
        {
            page = _holders.Count < limit
                ? _holders.Count
                : throw new InvalidOperationException(
                    $"all {limit} pages are taken; whoever takes one sees to it that there is one");
            _holders.Add(0);
        }

        _holders[page] = 1;
        return page;
    }

    /// <summary>Holds a page once more.</summary>
    public void Share(int page) => _holders[page]++;

    /// <summary>Lets go of a page; the last one to do so frees it.</summary>
    public void Release(int page)
    {
        if (--_holders[page] == 0)
        {
            _free.Push(page);
        }
    }
}
