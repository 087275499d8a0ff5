using Hone.Torch.Native;

namespace Hone.Torch;

/// <content>Elements in and out, dtypes and devices.</content>
public sealed unsafe partial class Tensor
{
    private static readonly Operator ToDType = Operator.Find("aten::to", "dtype");
    private static readonly Operator ToDevice = Operator.Find("aten::to", "device");
    private static readonly Operator CopyOp = Operator.Find("aten::copy_");
    private static readonly Operator CloneOp = Operator.Find("aten::clone");
    private static readonly Operator FillOp = Operator.Find("aten::fill_", "Scalar");
    private static readonly Operator ContiguousOp = Operator.Find("aten::contiguous");

    /// <summary>The value of a tensor with one element.</summary>
    public double Item()
    {
        Door.Check(Door.hone_tensor_item(Handle, out var value));
        GC.KeepAlive(this);
        return value;
    }

    /// <summary>The elements in place, row-major, valid while the tensor is.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not contiguous, not on the CPU, or of another
    /// dtype.</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        if (DType != DTypes.Of<T>())
        {
            throw new InvalidOperationException(
                $"a span of {typeof(T).Name} needs {DTypes.Of<T>()} elements, found {DType}");
        }

        if (!IsContiguous || Device.Kind != DeviceKind.Cpu)
        {
            throw new InvalidOperationException(
                $"a span needs contiguous elements on the cpu, found {this} on {Device}");
        }

        var span = new Span<T>(Door.hone_tensor_data(Handle), checked((int)Count));
        GC.KeepAlive(this);
        return span;
    }

    /// <summary>A copy of the elements, row-major, converted to <typeparamref name="T"/>.</summary>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        using var scope = TensorScope.Open();
        return Detach().To(Device.Cpu).To(DTypes.Of<T>()).Contiguous().AsSpan<T>().ToArray();
    }

    /// <summary>The same values in another element type; this tensor itself where it has it already.</summary>
    public Tensor To(DType dtype) => ToDType.Call(this, dtype);

    /// <summary>The same values on another device; this tensor itself where it is there already.</summary>
    public Tensor To(Device device) => device == Device ? this : ToDevice.Call(this, device, DType);

    /// <summary>Overwrites the elements, converting dtype and device; shapes broadcast.</summary>
    /// <returns>This tensor.</returns>
    public Tensor CopyFrom(Tensor source)
    {
        CopyOp.Run(this, source);
        return this;
    }

    /// <summary>Sets every element.</summary>
    /// <returns>This tensor.</returns>
    public Tensor Fill(double value)
    {
        FillOp.Run(this, value);
        return this;
    }

    /// <summary>A copy of its own.</summary>
    public Tensor Clone() => CloneOp.Call(this);

    /// <summary>The same values, row-major without gaps; shares the elements where they are so already.</summary>
    public Tensor Contiguous() => ContiguousOp.Call(this);
}
