namespace Hone.Torch;

/// <summary>The product of 8-bit integers by oneDNN: a limit to measure other kernels by.</summary>
public static class IntegerProduct
{
    private const string Name = "hone::integer_product";
    private static readonly Operator Multiply = Operator.Find(Name);

    /// <summary>Whether libtorch brings oneDNN as a library of its own, whose product can be called.</summary>
    public static bool Exists => Operator.Exists(Name);

    /// <summary>Multiplies.</summary>
    /// <param name="a">uint8 <c>[row, inner]</c>, contiguous.</param>
    /// <param name="b">int8 <c>[inner, column]</c>, contiguous.</param>
    /// <param name="result">int32 <c>[row, column]</c>, contiguous; it is written.</param>
    /// <exception cref="TorchException">The sizes or types do not fit.</exception>
    public static void Compute(Tensor a, Tensor b, Tensor result) => Multiply.Run(a, b, result);
}
