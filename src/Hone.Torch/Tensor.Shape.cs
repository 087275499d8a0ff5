namespace Hone.Torch;

/// <content>Shapes, views and indexing.</content>
public sealed partial class Tensor
{
    private static readonly Operator ViewOp = Operator.Find("aten::view");
    private static readonly Operator ReshapeOp = Operator.Find("aten::reshape");
    private static readonly Operator TransposeInt = Operator.Find("aten::transpose", "int");
    private static readonly Operator PermuteOp = Operator.Find("aten::permute");
    private static readonly Operator UnsqueezeOp = Operator.Find("aten::unsqueeze");
    private static readonly Operator SqueezeDim = Operator.Find("aten::squeeze", "dim");
    private static readonly Operator ExpandOp = Operator.Find("aten::expand");
    private static readonly Operator NarrowOp = Operator.Find("aten::narrow");
    private static readonly Operator SelectInt = Operator.Find("aten::select", "int");
    private static readonly Operator SliceTensor = Operator.Find("aten::slice", "Tensor");
    private static readonly Operator IndexSelectOp = Operator.Find("aten::index_select");
    private static readonly Operator GatherOp = Operator.Find("aten::gather");
    private static readonly Operator EmbeddingOp = Operator.Find("aten::embedding");
    private static readonly Operator RepeatInterleaveInt = Operator.Find("aten::repeat_interleave", "self_int");
    private static readonly Operator TriuOp = Operator.Find("aten::triu");
    private static readonly Operator TrilOp = Operator.Find("aten::tril");
    private static readonly Operator IndexCopyOp = Operator.Find("aten::index_copy_");
    private static readonly Operator IndexCopyNew = Operator.Find("aten::index_copy");
    private static readonly Operator IndexAddOp = Operator.Find("aten::index_add");
    private static readonly Operator NonZeroOp = Operator.Find("aten::nonzero");
    private static readonly Operator FlipOp = Operator.Find("aten::flip");

    /// <summary>The same elements in another shape, shared; one size may be −1.</summary>
    public Tensor View(params ReadOnlySpan<long> shape) => ViewOp.Call(this, shape.ToArray());

    /// <summary>The same elements in another shape, copied where they must be; one size may be −1.</summary>
    public Tensor Reshape(params ReadOnlySpan<long> shape) => ReshapeOp.Call(this, shape.ToArray());

    /// <summary>Two dimensions exchanged, shared.</summary>
    public Tensor Transpose(int first, int second) => TransposeInt.Call(this, first, second);

    /// <summary>Dimensions in another order, shared.</summary>
    public Tensor Permute(params ReadOnlySpan<long> dims) => PermuteOp.Call(this, dims.ToArray());

    /// <summary>A new dimension of size 1.</summary>
    public Tensor Unsqueeze(int dim) => UnsqueezeOp.Call(this, dim);

    /// <summary>Without a dimension of size 1.</summary>
    public Tensor Squeeze(int dim) => SqueezeDim.Call(this, dim);

    /// <summary>Dimensions of size 1 repeated, shared; −1 keeps a size.</summary>
    public Tensor Expand(params ReadOnlySpan<long> shape) => ExpandOp.Call(this, shape.ToArray());

    /// <summary><paramref name="length"/> entries of a dimension from <paramref name="start"/>, shared.</summary>
    public Tensor Narrow(int dim, long start, long length) => NarrowOp.Call(this, dim, start, length);

    /// <summary>One entry of a dimension, which goes away; shared.</summary>
    public Tensor Select(int dim, long index) => SelectInt.Call(this, dim, index);

    /// <summary>
    /// Every <paramref name="step"/>-th entry of a dimension from start to, not including, end; shared.
    /// </summary>
    public Tensor Slice(int dim, long start, long end, long step = 1) => SliceTensor.Call(this, dim, start, end, step);

    /// <summary>Entries of a dimension by index, int64 <c>[n]</c>.</summary>
    public Tensor IndexSelect(int dim, Tensor indices) => IndexSelectOp.Call(this, dim, indices);

    /// <summary>One element of <paramref name="dim"/> for each place of the indices, int64.</summary>
    public Tensor Gather(int dim, Tensor indices) => GatherOp.Call(this, dim, indices);

    /// <summary>Rows of this table, <c>[entries, dim]</c>, by index: <c>[…]</c> gives <c>[…, dim]</c>.</summary>
    public Tensor Embedding(Tensor indices) => EmbeddingOp.Call(this, indices);

    /// <summary>Each entry of a dimension several times in a row.</summary>
    public Tensor RepeatInterleave(long repeats, int dim) => RepeatInterleaveInt.Call(this, repeats, dim);

    /// <summary>Zero below a diagonal.</summary>
    public Tensor UpperTriangle(long diagonal = 0) => TriuOp.Call(this, diagonal);

    /// <summary>Zero above a diagonal.</summary>
    public Tensor LowerTriangle(long diagonal = 0) => TrilOp.Call(this, diagonal);

    /// <summary>A copy with entries of <paramref name="source"/> added at the indices, int64 <c>[n]</c>.</summary>
    public Tensor IndexAdd(int dim, Tensor indices, Tensor source) => IndexAddOp.Call(this, dim, indices, source);

    /// <summary>
    /// A copy with entries of <paramref name="source"/> in place of those at the indices, int64 <c>[n]</c>.
    /// </summary>
    public Tensor IndexCopy(int dim, Tensor indices, Tensor source) => IndexCopyNew.Call(this, dim, indices, source);

    /// <summary>Places of the elements that are not 0, int64 <c>[n, rank]</c>.</summary>
    public Tensor NonZero() => NonZeroOp.Call(this);

    /// <summary>A dimension back to front, copied.</summary>
    public Tensor Flip(int dim) => FlipOp.Call(this, new long[] { dim });

    /// <summary>Overwrites entries of a dimension of this tensor itself, at the indices, int64 <c>[n]</c>.</summary>
    /// <returns>This tensor.</returns>
    public Tensor IndexCopyInPlace(int dim, Tensor indices, Tensor source)
    {
        IndexCopyOp.Run(this, dim, indices, source);
        return this;
    }
}
