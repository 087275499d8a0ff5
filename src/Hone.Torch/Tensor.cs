using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>An n-dimensional array of libtorch. It belongs to the innermost <see cref="TensorScope"/> that was open
/// when it was made.</summary>
public sealed unsafe partial class Tensor : IDisposable
{
    private readonly TensorHandle _handle;

    internal Tensor(nint handle)
    {
        _handle = new TensorHandle(handle);
        ScopeStack.OfThisThread.Add(this);
    }

    private Tensor() => _handle = new TensorHandle(0);

    /// <summary>Number of dimensions; 0 for a scalar.</summary>
    public int Rank
    {
        get
        {
            var rank = Door.hone_tensor_rank(Handle);
            GC.KeepAlive(this);
            return rank;
        }
    }

    /// <summary>Sizes of all dimensions.</summary>
    public long[] Shape
    {
        get
        {
            var shape = new long[Rank];
            fixed (long* sizes = shape)
            {
                Door.hone_tensor_shape(Handle, sizes);
            }

            GC.KeepAlive(this);
            return shape;
        }
    }

    /// <summary>Number of elements.</summary>
    public long Count
    {
        get
        {
            var count = Door.hone_tensor_count(Handle);
            GC.KeepAlive(this);
            return count;
        }
    }

    /// <summary>The element type.</summary>
    public DType DType
    {
        get
        {
            var dtype = (DType)Door.hone_tensor_dtype(Handle);
            GC.KeepAlive(this);
            return dtype;
        }
    }

    /// <summary>Where the elements are.</summary>
    public Device Device
    {
        get
        {
            var device = Device.FromBits(Door.hone_tensor_device(Handle));
            GC.KeepAlive(this);
            return device;
        }
    }

    /// <summary>Whether the elements lie row-major without gaps.</summary>
    public bool IsContiguous
    {
        get
        {
            var contiguous = Door.hone_tensor_is_contiguous(Handle) != 0;
            GC.KeepAlive(this);
            return contiguous;
        }
    }

    /// <summary>Whether this tensor was disposed of.</summary>
    public bool IsDisposed => _handle.IsClosed || _handle.IsInvalid;

    internal nint Handle => IsDisposed ? throw new ObjectDisposedException(nameof(Tensor)) : _handle.Pointer;

    internal ScopeStack? Scope { get; set; }

    internal int ScopeIndex { get; set; }

    /// <summary>Size of one dimension; negative ones count from the end.</summary>
    public long Size(int dim)
    {
        var rank = Rank;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(dim, rank);
        ArgumentOutOfRangeException.ThrowIfLessThan(dim, -rank);
        var size = Door.hone_tensor_size(Handle, dim < 0 ? dim + rank : dim);
        GC.KeepAlive(this);
        return size;
    }

    /// <summary>
    /// Frees the elements, unless another tensor shares them. The scope forgets the tensor at its own end.
    /// </summary>
    public void Dispose() => _handle.Dispose();

    /// <inheritdoc/>
    public override string ToString() => IsDisposed ? "disposed" : $"{DType} [{string.Join(", ", Shape)}]";

    /// <summary>A tensor that is nothing, to fill a place.</summary>
    internal static Tensor Husk() => new();
}
