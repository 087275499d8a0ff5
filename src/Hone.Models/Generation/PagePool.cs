namespace Hone.Models.Generation;

/// <summary>Numbers of cache pages: which are free, and how many hold on to each that is not.</summary>
internal sealed class PagePool
{
    private readonly List<int> _holders = [];
    private readonly Stack<int> _free = [];

    /// <summary>Pages that there are.</summary>
    public int Count => _holders.Count;

    /// <summary>Pages that somebody holds.</summary>
    public int Live => _holders.Count - _free.Count;

    /// <summary>Whether a page is held once more than by the caller.</summary>
    public bool IsShared(int page) => _holders[page] > 1;

    /// <summary>Takes a free page, a new one where there is none.</summary>
    public int Take()
    {
        if (!_free.TryPop(out var page))
        {
            page = _holders.Count;
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
