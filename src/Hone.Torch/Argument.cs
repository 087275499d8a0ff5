using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>
/// One argument of an <see cref="Operator"/>; made by conversion from what the operator's schema asks for.
/// </summary>
public readonly struct Argument
{
    private Argument(ArgumentKind kind, long bits = 0, object? reference = null)
    {
        Kind = kind;
        Bits = bits;
        Reference = reference;
    }

    /// <summary>No value, for an optional argument.</summary>
    public static Argument None => default;

    /// <summary>What the operator's schema says by default.</summary>
    public static Argument Default => new(ArgumentKind.Default);

    internal ArgumentKind Kind { get; }

    internal long Bits { get; }

    /// <summary>The tensor, or the array of a list.</summary>
    internal object? Reference { get; }

    /// <summary>A tensor; null stands for "none".</summary>
    public static implicit operator Argument(Tensor? value) =>
        value is null ? None : new(ArgumentKind.Tensor, 0, value);

    /// <summary>An integer.</summary>
    public static implicit operator Argument(long value) => new(ArgumentKind.Int, value);

    /// <summary>A double.</summary>
    public static implicit operator Argument(double value) =>
        new(ArgumentKind.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A truth value.</summary>
    public static implicit operator Argument(bool value) => new(ArgumentKind.Bool, value ? 1 : 0);

    /// <summary>An element type.</summary>
    public static implicit operator Argument(DType value) => new(ArgumentKind.Int, (long)value);

    /// <summary>A device.</summary>
    public static implicit operator Argument(Device value) => new(ArgumentKind.Device, value.Bits);

    /// <summary>A list of integers.</summary>
    public static implicit operator Argument(long[] values) => new(ArgumentKind.Ints, 0, values);

    /// <summary>A list of doubles.</summary>
    public static implicit operator Argument(double[] values) => new(ArgumentKind.Doubles, 0, values);

    /// <summary>A list of tensors.</summary>
    public static implicit operator Argument(Tensor[] values) => new(ArgumentKind.Tensors, 0, values);

    /// <summary>A text.</summary>
    public static implicit operator Argument(string value) =>
        new(ArgumentKind.String, 0, System.Text.Encoding.UTF8.GetBytes(value));

    /// <summary>A list of tensors, some of which may be absent.</summary>
    public static Argument Optional(Tensor?[] values) => new(ArgumentKind.OptionalTensors, 0, values);
}
