namespace Hone.Torch;

public static partial class Fused
{
    private static readonly Operator ComputeCopyOp = Operator.Find("hone::compute_copy");
    private static readonly Operator EmbeddingOp = Operator.Find("hone::embedding");
    private static readonly Operator MatrixProductOp = Operator.Find("hone::matrix_product");
    private static readonly Operator LinearOp = Operator.Find("hone::linear");
    private static readonly Operator AddGradientOp = Operator.Find("hone::add_gradient");
    private static readonly Operator AddProductGradientOp = Operator.Find("hone::add_product_gradient");

    /// <summary>A copy of weights for products to run on, whose gradient goes to the weights themselves.</summary>
    /// <remarks>
    /// Nothing is copied: who changes the weights writes the copy too. In a backward pass to leaves the first gradient
    /// of a weight becomes its <see cref="Tensor.Grad"/> as it is, in the dtype of the copy; with the second the sum
    /// turns into the weight's own dtype, so that no small part is rounded away.
    /// </remarks>
    /// <param name="weights">Each <c>[row, …]</c>; those that require no gradient get none.</param>
    /// <param name="copy">Their values one below the other, <c>[rows of all, …]</c>, in any dtype.</param>
    public static Tensor ComputeCopy(Tensor[] weights, Tensor copy) => ComputeCopyOp.Call(weights, copy);

    /// <summary>The rows of an embedding matrix, <c>[token, hidden]</c>; its gradient is added up row by row in the
    /// matrix's own dtype.</summary>
    /// <param name="weight"><c>[vocab, hidden]</c>.</param>
    /// <param name="ids">int64 <c>[token]</c>.</param>
    /// <param name="dtype">The dtype of the result.</param>
    public static Tensor Embedding(Tensor weight, Tensor ids, DType dtype) => EmbeddingOp.Call(weight, ids, dtype);

    /// <summary>Adds to the gradient of a leaf, by the rule of <see cref="ComputeCopy"/>.</summary>
    /// <param name="leaf">The weight.</param>
    /// <param name="gradient">Of its shape; the caller does not write it again.</param>
    public static void AddGradient(Tensor leaf, Tensor gradient) => AddGradientOp.Run(leaf, gradient);

    /// <summary>x · Wᵀ. The gradient of W is multiplied right into the <see cref="GradientMemory"/> of it, where it
    /// has any.</summary>
    /// <remarks>
    /// Where x is what <see cref="RmsNorm"/> or <see cref="SwiGlu"/> gave, it is not kept for the backward pass, which
    /// makes it again of their inputs, bit by bit: less memory for one more reading of these.
    /// </remarks>
    /// <param name="x"><c>[token, in]</c>.</param>
    /// <param name="weight">W, <c>[out, in]</c>, of the dtype of <paramref name="x"/>.</param>
    /// <returns><c>[token, out]</c>.</returns>
    public static Tensor Linear(Tensor x, Tensor weight) => LinearOp.Call(x, weight);

    /// <summary>left · right. Rows whose number the library of products handles badly are multiplied in two
    /// parts.</summary>
    /// <param name="left"><c>[row, inner]</c>.</param>
    /// <param name="right"><c>[inner, column]</c>.</param>
    /// <returns><c>[row, column]</c>.</returns>
    public static Tensor MatrixProduct(Tensor left, Tensor right) => MatrixProductOp.Call(left, right);

    /// <summary>Adds left · right to the gradient of a leaf, by the rule of <see cref="ComputeCopy"/>. Beside a sum
    /// that is there no second matrix of its size is made.</summary>
    /// <param name="leaf">The weight, <c>[row, column]</c>.</param>
    /// <param name="left"><c>[row, token]</c>.</param>
    /// <param name="right"><c>[token, column]</c>.</param>
    public static void AddProductGradient(Tensor leaf, Tensor left, Tensor right) =>
        AddProductGradientOp.Run(leaf, left, right);
}
