using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>
/// Sums the gradients of parameters over all ranks while the last backward pass of an update goes on.
/// </summary>
/// <remarks>
/// Parameters fill flat float32 buckets from the last to the first, roughly the order in which backward reaches them; a
/// bucket is sent when the pass has reached all of it, as in PyTorch's DDP, arXiv:2006.15704, section 3.2.3. What we
/// changed: nothing is divided, since losses divide by the counts of the whole update already; one order holds for all
/// updates, so that sums are added alike in every run; a parameter as large as a bucket is summed where it lies.
/// </remarks>
public sealed unsafe class GradientReducer : IDisposable
{
    /// <summary>The size of a bucket.</summary>
    public const long BucketBytes = 8 << 20;

    private readonly ProcessGroup _group;
    private readonly IReadOnlyList<Tensor> _parameters;
    private nint _reducer;
    private bool _isUnderWay;

    /// <summary>Watches the gradients of parameters.</summary>
    /// <param name="group">The ranks; all of them watch the same parameters.</param>
    /// <param name="parameters">Leaves that require gradients, in the order of the forward pass. They are
    /// borrowed.</param>
    /// <param name="bucketBytes">The size of a bucket.</param>
    public GradientReducer(ProcessGroup group, IReadOnlyList<Tensor> parameters, long bucketBytes = BucketBytes)
    {
        (_group, _parameters) = (group, parameters);
        var handles = parameters.Select(parameter => parameter.Handle).ToArray();
        fixed (nint* first = handles)
        {
            Door.Check(Door.hone_reducer_create(group.Handle, first, handles.Length, bucketBytes, out _reducer));
        }

        GC.KeepAlive(parameters);
    }

    /// <summary>The memory of the buckets, into which smaller gradients are copied.</summary>
    /// <param name="weights">The number of elements of each weight.</param>
    public static long BytesOfBuckets(IEnumerable<long> weights) =>
        weights.Select(count => count * sizeof(float)).Where(bytes => bytes < BucketBytes).Sum();

    /// <summary>Buckets of the present update that are on their way.</summary>
    internal int Sent => Door.hone_reducer_sent(Handle);

    /// <summary>Says that the backward pass that comes next is the last one of the update on this rank. The gradients
    /// that it does not reach must be complete.</summary>
    /// <param name="root">What it begins at.</param>
    public void Arm(Tensor root)
    {
        Hold();
        Door.Check(Door.hone_reducer_arm(Handle, root.Handle));
        GC.KeepAlive(root);
    }

    /// <summary>Waits until the gradient of every parameter is the sum over all ranks; absent where no rank has
    /// one.</summary>
    /// <exception cref="ProcessGroupException">Another rank is missing, has ended, or failed.</exception>
    public void Finish()
    {
        Hold();
        var number = _group.Begin();
        Door.Check(Door.hone_reducer_finish(Handle));
        _group.Await($"sum of gradients {number}", limit =>
        {
            Door.Check(Door.hone_reducer_wait(Handle, limit, out var done));
            return done != 0;
        });
        _group.Release();
        _isUnderWay = false;
        GC.KeepAlive(_parameters);
    }

    /// <summary>Stops watching.</summary>
    public void Dispose()
    {
        if (_reducer != 0)
        {
            Door.hone_reducer_free(_reducer);
            _reducer = 0;
        }
    }

    private void Hold()
    {
        if (!_isUnderWay)
        {
            _group.Hold();
            _isUnderWay = true;
        }
    }

    private nint Handle => _reducer != 0 ? _reducer : throw new ObjectDisposedException(nameof(GradientReducer));
}
