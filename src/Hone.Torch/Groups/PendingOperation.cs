using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>A collective operation under way. It must be waited for, once.</summary>
public sealed class PendingOperation
{
    private readonly ProcessGroup _group;
    private readonly nint _work;
    private readonly Tensor? _tensor;
    private readonly string _what;

    internal PendingOperation(ProcessGroup group, string name, nint work, Tensor? tensor)
    {
        (_group, _work, _tensor) = (group, work, tensor);
        _what = $"{name} {group.Begin()}";
    }

    /// <summary>Waits until it is done.</summary>
    /// <exception cref="ProcessGroupException">Another rank is missing, has ended, or failed.</exception>
    public void Wait()
    {
        _group.Await(_what, limit =>
        {
            Door.Check(Door.hone_work_wait(_work, limit, out var done));
            return done != 0;
        });
        Door.hone_work_free(_work);
        GC.KeepAlive(_tensor);
    }
}
