using System.Runtime.InteropServices;

namespace Hone.Torch.Native;

/// <summary>One owned reference to a native tensor. Its finalizer is a net for what no scope caught.</summary>
internal sealed class TensorHandle : SafeHandle
{
    public TensorHandle(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    /// <summary>The pointer; the caller keeps the tensor alive for as long as the native side works on it.</summary>
    public nint Pointer => handle;

    protected override bool ReleaseHandle()
    {
        Door.hone_tensor_free(handle);
        return true;
    }
}
