namespace Hone.Torch;

/// <content>Over dimensions, and products.</content>
public sealed partial class Tensor
{
    private static readonly Operator SumAll = Operator.Find("aten::sum");
    private static readonly Operator SumDim = Operator.Find("aten::sum", "dim_IntList");
    private static readonly Operator MeanAll = Operator.Find("aten::mean");
    private static readonly Operator MeanDim = Operator.Find("aten::mean", "dim");
    private static readonly Operator MaxAll = Operator.Find("aten::max");
    private static readonly Operator MinAll = Operator.Find("aten::min");
    private static readonly Operator AmaxOp = Operator.Find("aten::amax");
    private static readonly Operator AminOp = Operator.Find("aten::amin");
    private static readonly Operator ArgmaxOp = Operator.Find("aten::argmax");
    private static readonly Operator AllOp = Operator.Find("aten::all");
    private static readonly Operator AnyOp = Operator.Find("aten::any");
    private static readonly Operator SoftmaxInt = Operator.Find("aten::softmax", "int");
    private static readonly Operator LogSoftmaxInt = Operator.Find("aten::log_softmax", "int");
    private static readonly Operator LogSumExpOp = Operator.Find("aten::logsumexp");
    private static readonly Operator CumSumOp = Operator.Find("aten::cumsum");
    private static readonly Operator MatmulOp = Operator.Find("aten::matmul");
    private static readonly Operator LinearOp = Operator.Find("aten::linear");
    private static readonly Operator VarDim = Operator.Find("aten::var", "correction");
    private static readonly Operator SortOp = Operator.Find("aten::sort");
    private static readonly Operator TopKOp = Operator.Find("aten::topk");

    /// <summary>Sum of all elements, <c>[]</c>.</summary>
    public Tensor Sum() => SumAll.Call(this);

    /// <summary>Sum over a dimension.</summary>
    public Tensor Sum(int dim, bool keepDim = false) => SumDim.Call(this, new long[] { dim }, keepDim);

    /// <summary>Mean of all elements, <c>[]</c>.</summary>
    public Tensor Mean() => MeanAll.Call(this);

    /// <summary>Mean over a dimension.</summary>
    public Tensor Mean(int dim, bool keepDim = false) => MeanDim.Call(this, new long[] { dim }, keepDim);

    /// <summary>Variance over a dimension: squared deviations divided by n − <paramref name="correction"/>.</summary>
    public Tensor Variance(int dim, int correction = 1, bool keepDim = false) =>
        VarDim.Call(this, new long[] { dim }, correction, keepDim);

    /// <summary>The largest element, <c>[]</c>.</summary>
    public Tensor Max() => MaxAll.Call(this);

    /// <summary>The smallest element, <c>[]</c>.</summary>
    public Tensor Min() => MinAll.Call(this);

    /// <summary>The largest along a dimension.</summary>
    public Tensor Max(int dim, bool keepDim = false) => AmaxOp.Call(this, new long[] { dim }, keepDim);

    /// <summary>The smallest along a dimension.</summary>
    public Tensor Min(int dim, bool keepDim = false) => AminOp.Call(this, new long[] { dim }, keepDim);

    /// <summary>Index of the largest along a dimension, int64.</summary>
    public Tensor ArgMax(int dim, bool keepDim = false) => ArgmaxOp.Call(this, dim, keepDim);

    /// <summary>Whether all elements hold, <c>[]</c>.</summary>
    public Tensor All() => AllOp.Call(this);

    /// <summary>Whether any element holds, <c>[]</c>.</summary>
    public Tensor Any() => AnyOp.Call(this);

    /// <summary>Softmax over <paramref name="dim"/>. The shape does not change.</summary>
    public Tensor Softmax(int dim) => SoftmaxInt.Call(this, dim);

    /// <summary>log softmax over <paramref name="dim"/>. The shape does not change.</summary>
    public Tensor LogSoftmax(int dim) => LogSoftmaxInt.Call(this, dim);

    /// <summary>log Σ eˣ over <paramref name="dim"/>.</summary>
    public Tensor LogSumExp(int dim, bool keepDim = false) => LogSumExpOp.Call(this, new long[] { dim }, keepDim);

    /// <summary>Running sum along <paramref name="dim"/>. The shape does not change.</summary>
    public Tensor CumulativeSum(int dim) => CumSumOp.Call(this, dim);

    /// <summary>Matrix product over the last two dimensions; earlier ones broadcast.</summary>
    public Tensor Matmul(Tensor other) => MatmulOp.Call(this, other);

    /// <summary>x·Wᵀ (+ b): <c>[…, in]</c> with <c>[out, in]</c> gives <c>[…, out]</c>.</summary>
    public Tensor Linear(Tensor weight, Tensor? bias = null) => LinearOp.Call(this, weight, bias);

    /// <summary>Sorted along a dimension, with the index of each element before.</summary>
    public (Tensor Values, Tensor Indices) Sort(int dim, bool descending = false)
    {
        var sorted = SortOp.CallMany(this, dim, descending);
        return (sorted[0], sorted[1]);
    }

    /// <summary>The <paramref name="count"/> largest along a dimension, largest first, with their indices.</summary>
    public (Tensor Values, Tensor Indices) TopK(int count, int dim = -1)
    {
        var best = TopKOp.CallMany(this, count, dim);
        return (best[0], best[1]);
    }
}
