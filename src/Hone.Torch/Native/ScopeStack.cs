namespace Hone.Torch.Native;

/// <summary>The tensors of a thread's open scopes, each scope a range at the end of one list.</summary>
internal sealed class ScopeStack
{
    [ThreadStatic]
    private static ScopeStack? _ofThisThread;

    private readonly List<Tensor> _tensors = [];
    private int _depth;

    public static ScopeStack OfThisThread => _ofThisThread ??= new ScopeStack();

    public (int Start, bool IsOutermost) Enter() => (_tensors.Count, ++_depth == 1);

    public void Leave(int start)
    {
        for (var i = _tensors.Count - 1; i >= start; i--)
        {
            _tensors[i].Scope = null;
            _tensors[i].Dispose();
        }

        _tensors.RemoveRange(start, _tensors.Count - start);
        _depth--;
    }

    public void Add(Tensor tensor)
    {
        if (_depth > 0)
        {
            tensor.Scope = this;
            tensor.ScopeIndex = _tensors.Count;
            _tensors.Add(tensor);
        }
    }

    /// <summary>Moves a tensor in front of the range that begins at <paramref name="start"/>; returns where that range
    /// begins now.</summary>
    public int Keep(Tensor tensor, int start)
    {
        if (tensor.Scope != this || tensor.ScopeIndex < start)
        {
            return start;
        }

        Place(_tensors[start], tensor.ScopeIndex);
        Place(tensor, start);
        return start + 1;
    }

    public void Remove(Tensor tensor)
    {
        // The last tensor takes the free place. Only the innermost range shrinks, so a tensor of an outer one is
        // replaced by its own, already disposed, husk instead: ranges of open scopes must not shift.
        var last = _tensors.Count - 1;
        if (_depth == 1 || tensor.ScopeIndex == last)
        {
            Place(_tensors[last], tensor.ScopeIndex);
            _tensors.RemoveAt(last);
        }
        else
        {
            Place(Tensor.Husk(), tensor.ScopeIndex);
        }

        tensor.Scope = null;
    }

    private void Place(Tensor tensor, int index)
    {
        _tensors[index] = tensor;
        tensor.ScopeIndex = index;
    }
}
