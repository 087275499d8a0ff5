namespace Hone.Models.Generation;

/// <summary>A page of the prefix index.</summary>
internal sealed class PrefixNode
{
    private readonly Dictionary<int, List<PrefixNode>> _byFirst = [];
    private readonly int[] _tokens;

    /// <summary>Describes a page.</summary>
    /// <param name="parent">The page before; null for the root, which is no page.</param>
    /// <param name="tokens">The tokens in it; fewer than it has room for at the end of a sequence.</param>
    /// <param name="page">Its number.</param>
    /// <param name="filledAt">The step that fills it.</param>
    public PrefixNode(PrefixNode? parent, int[] tokens, int page, long filledAt)
    {
        (Parent, _tokens, Page, FilledAt) = (parent, tokens, page, filledAt);
        Use = new LinkedListNode<PrefixNode>(this);
    }

    public PrefixNode? Parent { get; }

    public int Page { get; }

    public long FilledAt { get; }

    /// <summary>Its place among all pages by use.</summary>
    public LinkedListNode<PrefixNode> Use { get; }

    public bool IsLeaf => _byFirst.Count == 0;

    /// <summary>The page that follows with the most of some tokens at its beginning, and how many these are.</summary>
    public (PrefixNode? Node, int Common) Nearest(ReadOnlySpan<int> tokens)
    {
        var (nearest, most) = ((PrefixNode?)null, 0);
        foreach (var node in _byFirst.GetValueOrDefault(tokens[0], []))
        {
            var common = node._tokens.AsSpan().CommonPrefixLength(tokens);
            if (common > most)
            {
                (nearest, most) = (node, common);
            }
        }

        return (nearest, most);
    }

    public void Add(PrefixNode child)
    {
        if (!_byFirst.TryGetValue(child._tokens[0], out var nodes))
        {
            _byFirst.Add(child._tokens[0], nodes = []);
        }

        nodes.Add(child);
    }

    public void Remove(PrefixNode child)
    {
        var nodes = _byFirst[child._tokens[0]];
        nodes.Remove(child);
        if (nodes.Count == 0)
        {
            _byFirst.Remove(child._tokens[0]);
        }
    }
}
