using Hone.Torch;

namespace Hone.Models.Quantisation;

/// <summary>A matrix in 4 bits: codes of a table, in blocks that share a scale, and scales in 8 bits where they are
/// quantised too.</summary>
/// <remarks>QLoRA, arXiv:2305.14314, section 3: NormalFloat, and double quantisation of its scales.</remarks>
public sealed class FourBitWeight : IDisposable
{
    /// <summary>Scales that share a scale of their own, under double quantisation.</summary>
    public const int NestedBlockSize = 256;

    private readonly Tensor _scales;
    private readonly (Tensor Scales, Tensor Offset)? _nested;

    private FourBitWeight(
        CodeTable table,
        int blockSize,
        long[] shape,
        Tensor codes,
        Tensor scales,
        (Tensor Scales, Tensor Offset)? nested)
    {
        (Table, BlockSize, Shape) = (table, blockSize, shape);
        (Codes, _scales) = (TensorScope.Detach(codes), TensorScope.Detach(scales));
        _nested = nested is { } given ? (TensorScope.Detach(given.Scales), TensorScope.Detach(given.Offset)) : null;
    }

    /// <summary>What the codes stand for.</summary>
    public CodeTable Table { get; }

    /// <summary>Numbers that share a scale.</summary>
    public int BlockSize { get; }

    /// <summary>The matrix's dimensions.</summary>
    public long[] Shape { get; }

    /// <summary>Two codes a byte, the first in its high half, uint8 <c>[byte]</c>.</summary>
    public Tensor Codes { get; }

    /// <summary>Whether scales are codes themselves.</summary>
    public bool IsDouble => _nested is not null;

    /// <summary>The codes of scales, uint8 <c>[block]</c>, under double quantisation.</summary>
    public Tensor? ScaleCodes => IsDouble ? _scales : null;

    /// <summary>The scales of scales, float32, under double quantisation.</summary>
    public Tensor? NestedScales => _nested?.Scales;

    /// <summary>What is added to each scale, under double quantisation: their mean before.</summary>
    public float Offset => (float)(_nested?.Offset.Item() ?? 0);

    /// <summary>Numbers that are stood for.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Bytes that are held.</summary>
    public long Bytes => Tensors.Sum(tensor => tensor.Count * tensor.DType.ByteSize());

    /// <summary>All that decides what is stood for, in a fixed order; the tensors are borrowed.</summary>
    public IEnumerable<Tensor> Tensors =>
        _nested is { } nested ? [Codes, _scales, nested.Scales, nested.Offset] : [Codes, _scales];

    /// <summary>Quantises a matrix.</summary>
    /// <param name="weight">The matrix.</param>
    /// <param name="table"><see cref="CodeTable.Nf4"/> or <see cref="CodeTable.Fp4"/>.</param>
    /// <param name="blockSize">Numbers that share a scale; even.</param>
    /// <param name="doubled">Whether scales become codes too.</param>
    public static FourBitWeight Quantise(Tensor weight, CodeTable table, int blockSize, bool doubled)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var (codes, scales) = Fused.QuantiseBlocks(weight, table, blockSize);
        if (!doubled)
        {
            return new FourBitWeight(table, blockSize, weight.Shape, codes, scales, null);
        }

        var mean = scales.Mean();
        var (nested, nestedScales) = Fused.QuantiseBlocks(scales - mean, CodeTable.SignedBytes, NestedBlockSize);
        return new FourBitWeight(table, blockSize, weight.Shape, codes, nested, (nestedScales, mean));
    }

    /// <summary>Takes over what a file holds; the tensors are owned from then on.</summary>
    /// <param name="table">The table of the codes.</param>
    /// <param name="blockSize">Numbers that share a scale.</param>
    /// <param name="shape">The matrix's dimensions.</param>
    /// <param name="codes">Two codes a byte.</param>
    /// <param name="scales">Float32 scales, or their codes where <paramref name="nestedScales"/> is given.</param>
    /// <param name="nestedScales">The scales of scales, or null.</param>
    /// <param name="offset">What is added to each scale then.</param>
    public static FourBitWeight Of(
        CodeTable table,
        int blockSize,
        long[] shape,
        Tensor codes,
        Tensor scales,
        Tensor? nestedScales = null,
        float offset = 0) =>
        new(table, blockSize, shape, codes, scales, nestedScales is null ? null : (nestedScales, Tensor.Of(offset)));

    /// <summary>The scale of each block, float32 <c>[block]</c>.</summary>
    public Tensor Scales()
    {
        if (_nested is not { } nested)
        {
            return _scales;
        }

        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var spread = Fused.DequantiseBlocks(
            _scales, nested.Scales, CodeTable.SignedBytes, NestedBlockSize, DType.Float32, _scales.Count);
        return scope.Keep(spread + nested.Offset);
    }

    /// <summary>The numbers that are stood for, of the matrix's shape.</summary>
    /// <param name="dtype">Their type.</param>
    public Tensor Dequantise(DType dtype = DType.Float32)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        return scope.Keep(Fused.DequantiseBlocks(Codes, Scales(), Table, BlockSize, dtype, Shape));
    }

    /// <summary>
    /// x · Wᵀ, <c>[token, out]</c>; W is made for the product alone, and once more for the gradient of x.
    /// </summary>
    /// <param name="x"><c>[token, in]</c>.</param>
    public Tensor Product(Tensor x)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(Fused.CodedLinear(x, Codes, Scales(), Table, BlockSize, Shape[0]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors)
        {
            tensor.Dispose();
        }
    }
}
