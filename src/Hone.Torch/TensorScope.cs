using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>Frees, at its end, every tensor that was made on this thread since it was opened and not kept.</summary>
/// <remarks>
/// Open one in each function that makes temporaries:
/// <c>using var scope = TensorScope.Open(); … return scope.Keep(x);</c>.
/// It is a <c>ref struct</c>, so it cannot meet <c>await</c>. Scopes nest; the innermost owns new tensors.
/// </remarks>
public ref struct TensorScope
{
    private readonly ScopeStack _stack;
    private readonly bool _isOutermost;
    private int _start;

    private TensorScope(ScopeStack stack)
    {
        _stack = stack;
        (_start, _isOutermost) = stack.Enter();
    }

    /// <summary>Opens a scope on this thread.</summary>
    public static TensorScope Open() => new(ScopeStack.OfThisThread);

    /// <summary>Hands a tensor to the enclosing scope, or to the caller where there is none.</summary>
    /// <returns>The same tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        if (_isOutermost)
        {
            return Detach(tensor);
        }

        _start = _stack.Keep(tensor, _start);
        return tensor;
    }

    /// <summary>Takes a tensor out of every scope: the caller, and nobody else, disposes of it.</summary>
    /// <returns>The same tensor.</returns>
    public static Tensor Detach(Tensor tensor)
    {
        tensor.Scope?.Remove(tensor);
        return tensor;
    }

    /// <summary>Frees what was not kept.</summary>
    public readonly void Dispose() => _stack.Leave(_start);
}
