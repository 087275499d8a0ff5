namespace Hone.Torch.Tests;

public sealed class FusedPackedMatrixTests
{
    private const int Tiles = 6;

    private static readonly Operator PackedMatmul = Operator.Find("hone::packed_matmul");
    private static readonly Operator AmxDifferences = Operator.Find("hone::amx_differences");

    // Sums that begin, end and go on inside a step of 32 inputs; one panel, an even and an odd number of them.
    private static readonly (int Inputs, int Outputs)[] Sizes =
        [(1, 33), (7, 32), (32, 64), (33, 96), (100, 160), (160, 20)];

    /// <summary>Every instruction set with both element types.</summary>
    public static TheoryData<int, DType> Kinds
    {
        get
        {
            var kinds = new TheoryData<int, DType>();
            foreach (var isa in FusedAgreement.ProductSets)
            {
                kinds.Add(isa, DType.Float32);
                kinds.Add(isa, DType.BFloat16);
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_product_is_that_of_the_weights_at_every_number_of_rows(int isa, DType dtype) =>
        FusedAgreement.On(isa, () =>
    {
        foreach (var (inputs, outputs) in Sizes)
        {
            using var scope = TensorScope.Open();
            var (x, weights) =
                (FusedAgreement.Normal(dtype, 1, 70, inputs), FusedAgreement.Normal(dtype, 2, outputs, inputs));
            var exact = x.To(DType.Float64).Matmul(weights.To(DType.Float64).Transpose(0, 1));
            for (var rows = 1; rows <= 70; rows++)
            {
                FusedAgreement.AssertClose(
                    exact.Narrow(0, 0, rows), PackedMatmul.Call(x.Narrow(0, 0, rows), weights), 1e-6,
                    $"{rows} x {outputs} x {inputs}");
            }
        }
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_has_the_same_bits_alone_and_beside_others(int isa, DType dtype) => FusedAgreement.On(isa, () =>
    {
        foreach (var (inputs, outputs) in Sizes)
        {
            using var scope = TensorScope.Open();
            var (x, weights) =
                (FusedAgreement.Normal(dtype, 1, 70, inputs), FusedAgreement.Normal(dtype, 2, outputs, inputs));
            var together = PackedMatmul.Call(x, weights);
            for (var rows = 1; rows <= 70; rows++)
            {
                FusedAgreement.AssertSame(
                    together.Narrow(0, 0, rows), PackedMatmul.Call(x.Narrow(0, 0, rows), weights));
                FusedAgreement.AssertSame(
                    together.Narrow(0, rows - 1, 1), PackedMatmul.Call(x.Narrow(0, rows - 1, 1), weights));
            }
        }
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_lies_beyond_the_inputs_of_a_row_is_not_multiplied(int isa, DType dtype) =>
        FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        var (x, weights) = (FusedAgreement.Normal(dtype, 1, 40, 50), FusedAgreement.Normal(dtype, 2, 64, 50));
        var inside = Tensor.Cat(
            [x, FusedAgreement.Normal(dtype, 3, 40, 30) * float.NaN], 1).Narrow(1, 0, 50);

        FusedAgreement.AssertSame(PackedMatmul.Call(x, weights), PackedMatmul.Call(inside, weights));
    });

    [Theory]
    [InlineData(WeightCode.Int8)]
    [InlineData(WeightCode.Q80)]
    [InlineData(WeightCode.Q40)]
    [InlineData(WeightCode.Q41)]
    public void Weights_in_few_bits_give_tiles_the_bits_that_they_give_vectors(WeightCode code)
    {
        foreach (var (inputs, outputs) in Sizes.Append((300, 96)))
        {
            using var scope = TensorScope.Open();
            var (x, weights) = (FusedAgreement.Normal(DType.Float32, 1, 70, inputs),
                FusedAgreement.Normal(DType.Float32, 2, outputs, inputs));
            Tensor[] Products() =>
                [.. Enumerable.Range(1, 70).Select(rows => Fused.CodedMatmul(x.Narrow(0, 0, rows), weights, code))];
            Tensor[] vectors = [];
            FusedAgreement.On(3, () => vectors = Products());

            FusedAgreement.On(Tiles, () => Array.ForEach(
                [.. vectors.Zip(Products())], pair => FusedAgreement.AssertSame(pair.First, pair.Second)));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(Tiles)]
    public void Tiles_sum_the_first_and_the_second_numbers_of_pairs_apart_step_by_step(int isa) =>
        FusedAgreement.On(isa, () =>
    {
        // First numbers 2²⁴ + 1, which rounds to 2²⁴, second ones 1 + 1: together 2²⁴ + 2. One after the other all
        // would stay 2²⁴.
        Assert.Equal(16777218f, Product(2 * 2, (0, 24), (1, 0), (2, 0), (3, 0)));

        // In two steps of 32: 2²⁴, then 1 + 1, which is added at once.
        Assert.Equal(16777218f, Product(32 + 2, (0, 24), (32, 0), (33, 0)));

        // 2⁻¹²⁷ is no normal number: a product that comes to it is zero, though two of them would be one.
        Assert.Equal(0f, Product(4, (0, -127), (2, -127)));
        Assert.Equal(MathF.ScaleB(1, -126), Product(4, (0, -126)));

        // Powers of two at their places of a row.
        static float Product(int inputs, params ReadOnlySpan<(int Place, int Exponent)> products)
        {
            using var scope = TensorScope.Open();
            var (x, weights) = (Tensor.Zeros(DType.Float32, 1, inputs), Tensor.Zeros(DType.Float32, 1, inputs));
            foreach (var (place, exponent) in products)
            {
                x.AsSpan<float>()[place] = MathF.ScaleB(1, exponent / 2);
                weights.AsSpan<float>()[place] = MathF.ScaleB(1, exponent - (exponent / 2));
            }

            return PackedMatmul.Call(x.To(DType.BFloat16), weights.To(DType.BFloat16)).ToArray<float>()[0];
        }
    });

    [Theory]
    [InlineData(5)]
    [InlineData(Tiles)]
    public void Tiles_are_those_that_are_documented(int isa) => FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        Assert.Equal([0L, 0L, 0L], AmxDifferences.Call().ToArray<long>());
    });

    [Fact]
    public void Products_whose_sums_run_otherwise_are_not_taken_for_those_of_tiles() => FusedAgreement.On(4, () =>
    {
        using var scope = TensorScope.Open();

        // Of vectors: in bfloat16 most of the 58 · 96 sums are rounded in other places; integers are the same.
        var differences = AmxDifferences.Call().ToArray<long>();

        Assert.InRange(differences[0], 58 * 96 / 2, 58 * 96);
        Assert.Equal([0L, 0L], differences[1..]);
    });

    [Fact]
    public void Operands_that_do_not_fit_are_refused()
    {
        using var scope = TensorScope.Open();

        Assert.Equal(
            "hone::packed_matmul: must have float32 or bfloat16 [row, input] and [output, input] on the cpu, got "
                + "CPUFloatType [2, 3] and CPUFloatType [2, 4]",
            Assert.Throws<TorchException>(
                () => PackedMatmul.Call(Tensor.Ones(DType.Float32, 2, 3), Tensor.Ones(DType.Float32, 2, 4))).Message);
    }
}
