namespace Hone.Torch;

public static partial class Fused
{
    private static readonly Operator QuantiseBlocksOp = Operator.Find("hone::quantise_blocks");
    private static readonly Operator DequantiseBlocksOp = Operator.Find("hone::dequantise_blocks");
    private static readonly Operator CodedLinearOp = Operator.Find("hone::coded_linear");

    /// <summary>Numbers as codes: blocks share their largest magnitude as scale, and each number over it becomes the
    /// nearest value of the table, of two as near the smaller one.</summary>
    /// <param name="x">Any shape; taken flat, row after row.</param>
    /// <param name="table">The table.</param>
    /// <param name="block">Numbers that share a scale; the last block may be shorter.</param>
    /// <returns>Codes, uint8 <c>[number]</c>, or two in a byte where the table has 16 values; and scales, float32
    /// <c>[block]</c>.</returns>
    public static (Tensor Codes, Tensor Scales) QuantiseBlocks(Tensor x, CodeTable table, int block)
    {
        using var scope = TensorScope.Open();
        var found = QuantiseBlocksOp.CallMany(x, Tensor.From<float>([.. table.Rising], table.Rising.Count), block);
        var places = found[0].AsSpan<byte>();
        if (!table.IsHalfByte)
        {
            return (scope.Keep(found[0]), scope.Keep(found[1]));
        }

        var packed = Tensor.Empty(DType.UInt8, (places.Length + 1) / 2);
        var bytes = packed.AsSpan<byte>();
        for (var i = 0; i < bytes.Length; i++)
        {
            var second = (2 * i) + 1 < places.Length ? table.CodeOfPlace[places[(2 * i) + 1]] : table.ZeroCode;
            bytes[i] = (byte)((table.CodeOfPlace[places[2 * i]] << 4) | second);
        }

        return (scope.Keep(packed), scope.Keep(found[1]));
    }

    /// <summary>The numbers that codes stand for: value of the code times scale of the block.</summary>
    /// <param name="codes">As <see cref="QuantiseBlocks"/> gives them.</param>
    /// <param name="scales">Likewise.</param>
    /// <param name="table">The table.</param>
    /// <param name="block">Numbers that share a scale; even where two codes share a byte.</param>
    /// <param name="dtype">The type of the result.</param>
    /// <param name="shape">The shape of the result.</param>
    public static Tensor DequantiseBlocks(
        Tensor codes, Tensor scales, CodeTable table, int block, DType dtype, params ReadOnlySpan<long> shape)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(DequantiseBlocksOp.Call(codes, scales, table.ToTensor(), block, shape.ToArray(), dtype));
    }

    /// <summary>x · Wᵀ of a frozen weight that is kept as codes, <c>[token, out]</c>: made for the product, and once
    /// more for the gradient of <paramref name="x"/>; nothing dense is kept between.</summary>
    /// <param name="x"><c>[token, in]</c>.</param>
    /// <param name="codes">W, <c>[out, in]</c>, as <see cref="QuantiseBlocks"/> gives it.</param>
    /// <param name="scales">Likewise.</param>
    /// <param name="table">The table.</param>
    /// <param name="block">Numbers that share a scale.</param>
    /// <param name="rows">out.</param>
    public static Tensor CodedLinear(Tensor x, Tensor codes, Tensor scales, CodeTable table, int block, long rows)
    {
        using var scope = TensorScope.Open();
        return scope.Keep(CodedLinearOp.Call(x, codes, scales, table.ToTensor(), block, rows));
    }
}
