using Hone.Models.Adapters;

namespace Hone.Models.Generation;

/// <summary>Finds pages by the tokens that they hold: a tree with a page at each node, below the pages of what comes
/// before.</summary>
/// <remarks>
/// The radix index of RadixAttention, arXiv:2312.07104, in steps of a page. It holds each of its pages once; what
/// nobody else holds can be evicted, the longest unused first and ends before beginnings.
/// </remarks>
/// <param name="pool">Where the pages come from.</param>
/// <param name="pageSize">Tokens in a page.</param>
internal sealed class PrefixIndex(PagePool pool, int pageSize)
{
    private readonly Dictionary<AdapterCombination, PrefixNode> _roots = [];
    private readonly LinkedList<PrefixNode> _byUse = []; // the longest unused first

    /// <summary>Pages that it holds.</summary>
    public int Count => _byUse.Count;

    /// <summary>The pages that hold the beginning of some tokens, as far as they are known.</summary>
    /// <param name="adapters">What the tokens are computed with.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="step">The step that is being prepared: pages that it fills itself can be read as a whole, not
    /// copied in part.</param>
    /// <returns>The pages, and how many of the tokens are in them; the last page may hold others after these.</returns>
    public (List<int> Pages, int Length) Find(AdapterCombination adapters, ReadOnlySpan<int> tokens, long step)
    {
        var (pages, length) = (new List<int>(), 0);
        var node = _roots.GetValueOrDefault(adapters);
        var last = node;
        while (node is not null && tokens.Length > length)
        {
            var (next, common) = node.Nearest(tokens[length..]);
            if (next is null || common == 0 || (common < pageSize && next.FilledAt >= step))
            {
                break;
            }

            pages.Add(next.Page);
            length += common;
            last = next;
            node = common == pageSize ? next : null;
        }

        Touch(last);
        return (pages, length);
    }

    /// <summary>Remembers the pages of some tokens.</summary>
    /// <param name="adapters">What the tokens are computed with.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="pages">Their pages.</param>
    /// <param name="withLast">Whether a last page that is not full is remembered too: nobody must write to it any
    /// more.</param>
    /// <param name="step">The step that fills them.</param>
    public void Add(
        AdapterCombination adapters, ReadOnlySpan<int> tokens, IReadOnlyList<int> pages, bool withLast, long step)
    {
        if (!_roots.TryGetValue(adapters, out var node))
        {
            _roots.Add(adapters, node = new PrefixNode(null, [], page: -1, filledAt: -1));
        }

        for (var start = 0; start < tokens.Length; start += pageSize)
        {
            var part = tokens.Slice(start, Math.Min(pageSize, tokens.Length - start));
            var (near, common) = node.Nearest(part);
            if (common == part.Length)
            {
                node = near!; // is there, perhaps as the beginning of more
                if (part.Length < pageSize)
                {
                    break;
                }

                continue;
            }

            if (part.Length < pageSize && !withLast)
            {
                break;
            }

            node = Insert(node, part.ToArray(), pages[start / pageSize], step);
        }

        Touch(node);
    }

    /// <summary>Frees a page that nobody else holds; false where there is none.</summary>
    public bool Evict()
    {
        for (var node = _byUse.First; node is not null; node = node.Next)
        {
            if (node.Value.IsLeaf && !pool.IsShared(node.Value.Page))
            {
                Remove(node.Value);
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets and frees all.</summary>
    public void Clear()
    {
        foreach (var node in _byUse)
        {
            pool.Release(node.Page);
        }

        _byUse.Clear();
        _roots.Clear();
    }

    private PrefixNode Insert(PrefixNode parent, int[] tokens, int page, long step)
    {
        var node = new PrefixNode(parent, tokens, page, step);
        pool.Share(page);
        parent.Add(node);
        _byUse.AddLast(node.Use);
        return node;
    }

    private void Remove(PrefixNode node)
    {
        pool.Release(node.Page);
        node.Parent!.Remove(node);
        _byUse.Remove(node.Use);
    }

    // A use of the last page alone would say the same, since ends alone are evicted; with those before it, after it in
    // the list, ends stand first and are found at once.
    private void Touch(PrefixNode? node)
    {
        for (; node?.Parent is not null; node = node.Parent)
        {
            _byUse.Remove(node.Use);
            _byUse.AddLast(node.Use);
        }
    }
}
