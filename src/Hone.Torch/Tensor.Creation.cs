using Hone.Torch.Native;

namespace Hone.Torch;

/// <content>Where tensors come from.</content>
public sealed unsafe partial class Tensor
{
    private static readonly Operator ArangeStep = Operator.Find("aten::arange", "start_step");
    private static readonly Operator FullOp = Operator.Find("aten::full");
    private static readonly Operator ZerosOp = Operator.Find("aten::zeros");
    private static readonly Operator ZerosLikeOp = Operator.Find("aten::zeros_like");
    private static readonly Operator EmptyOp = Operator.Find("aten::empty", "memory_format");
    private static readonly Operator EmptyLikeOp = Operator.Find("aten::empty_like");
    private static readonly Operator CatOp = Operator.Find("aten::cat");
    private static readonly Operator StackOp = Operator.Find("aten::stack");

    /// <summary>A vector of the values given, on the CPU.</summary>
    public static Tensor Of<T>(params ReadOnlySpan<T> values)
        where T : unmanaged
        => From(values, values.Length);

    /// <summary>A scalar, <c>[]</c>, on the CPU.</summary>
    public static Tensor Scalar<T>(T value)
        where T : unmanaged
        => From(new ReadOnlySpan<T>(in value), []);

    /// <summary>A tensor of a shape with a copy of the values, row-major, on the CPU.</summary>
    /// <exception cref="ArgumentException">The shape does not have as many elements as there are values.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        long count = 1;
        foreach (var size in shape)
        {
            count *= size;
        }

        if (count != values.Length)
        {
            throw new ArgumentException($"a shape of {count} elements cannot hold {values.Length} values");
        }

        fixed (T* bytes = values)
        fixed (long* sizes = shape)
        {
            Door.Check(Door.hone_tensor_create(bytes, sizes, shape.Length, (int)DTypes.Of<T>(), out var handle));
            return new Tensor(handle);
        }
    }

    /// <summary>A tensor whose elements are not set yet.</summary>
    public static Tensor Empty(DType dtype, params ReadOnlySpan<long> shape) => EmptyOp.Call(shape.ToArray(), dtype);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(DType dtype, params ReadOnlySpan<long> shape) => ZerosOp.Call(shape.ToArray(), dtype);

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(DType dtype, params ReadOnlySpan<long> shape) => Full(1, dtype, shape);

    /// <summary>A tensor with one value everywhere.</summary>
    public static Tensor Full(double value, DType dtype, params ReadOnlySpan<long> shape) =>
        FullOp.Call(shape.ToArray(), value, dtype);

    /// <summary>
    /// The integers from <paramref name="start"/> up to, not including, <paramref name="end"/>: <c>[end − start]</c>.
    /// </summary>
    public static Tensor Arange(long start, long end, DType dtype = DType.Int64) =>
        ArangeStep.Call(start, end, 1L, dtype);

    /// <summary>The tensors one after the other along a dimension they share.</summary>
    public static Tensor Cat(ReadOnlySpan<Tensor> tensors, int dim = 0) => CatOp.Call(tensors.ToArray(), dim);

    /// <summary>The tensors, all of one shape, along a new dimension.</summary>
    public static Tensor Stack(ReadOnlySpan<Tensor> tensors, int dim = 0) => StackOp.Call(tensors.ToArray(), dim);

    /// <summary>Zeros of this tensor's shape, dtype and device.</summary>
    public Tensor ZerosLike() => ZerosLikeOp.Call(this);

    /// <summary>Unset elements in this tensor's shape, dtype and device.</summary>
    public Tensor EmptyLike() => EmptyLikeOp.Call(this);
}
