namespace Hone.Torch;

public static partial class Fused
{
    private static readonly Operator CodedMatmulOp = Operator.Find("hone::coded_matmul");
    private static readonly Operator CodedNumbersOp = Operator.Find("hone::coded_numbers");

    /// <summary>
    /// A product with weights in few bits as the fused step computes it, float32 <c>[row, output]</c>.
    /// </summary>
    /// <remarks>
    /// Rows of x are rounded to 8 bits too, with a scale for as many inputs as share one among the weights. Products of
    /// codes are summed as integers over these, and the sums as floats, in their order: on every instruction set,
    /// whatever the rows beside.
    /// </remarks>
    /// <param name="x">float32 or bfloat16 <c>[row, input]</c>.</param>
    /// <param name="weights">float32 or bfloat16 <c>[output, input]</c>; or rows of GGUF's blocks of the same kind,
    /// uint8 <c>[output, bytes]</c>.</param>
    /// <param name="code">How weights are kept; not <see cref="WeightCode.Plain"/>.</param>
    /// <exception cref="TorchException">The sizes or types do not fit.</exception>
    public static Tensor CodedMatmul(Tensor x, Tensor weights, WeightCode code) =>
        CodedMatmulOp.Call(x, weights, (long)code);

    /// <summary>The numbers that weights in few bits stand for, float32 <c>[output, input]</c>.</summary>
    /// <param name="weights">As for <see cref="CodedMatmul"/>.</param>
    /// <param name="code">How weights are kept; not <see cref="WeightCode.Plain"/>.</param>
    /// <exception cref="TorchException">The sizes or types do not fit.</exception>
    public static Tensor CodedNumbers(Tensor weights, WeightCode code) => CodedNumbersOp.Call(weights, (long)code);
}
