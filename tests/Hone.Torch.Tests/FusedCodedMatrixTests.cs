using System.Numerics;

namespace Hone.Torch.Tests;

public sealed class FusedCodedMatrixTests
{
    /// <summary>Every instruction set with every way to keep weights in few bits.</summary>
    public static TheoryData<int, WeightCode> Kinds
    {
        get
        {
            var kinds = new TheoryData<int, WeightCode>();
            foreach (var isa in FusedAgreement.ProductSets)
            {
                foreach (var code in Enum.GetValues<WeightCode>().Where(code => code != WeightCode.Plain))
                {
                    kinds.Add(isa, code);
                }
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Weights_that_are_whole_steps_from_each_other_are_kept_as_they_are(int isa, WeightCode code) =>
        FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();

        // From the largest to the smallest of the codes: a step is 1 (8 bits: ±127; 4 bits: ±7; with a least number: 2
        // to 17).
        var (least, largest) = code switch
        {
            WeightCode.Q40 => (-7, 7),
            WeightCode.Q41 => (2, 17),
            _ => (-127, 127),
        };
        var (steps, width) = (largest - least + 1, code == WeightCode.Int8 ? 256 : 300);
        var weights = Tensor.From<float>(
            [.. Enumerable.Range(0, 3 * width).Select(i => (float)(least + (i * 5 % steps)))], 3, width);
        FillBlocks(weights, width, least, largest);
        if (code == WeightCode.Int8)
        {
            TurnBack(weights.AsSpan<float>(), 16); // codes are of sums of signed numbers by 8
        }

        Assert.Equal(weights.ToArray<float>(), Fused.CodedNumbers(weights, code).ToArray<float>());
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_number_is_at_most_half_a_step_away(int isa, WeightCode code) => FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        foreach (var dtype in new[] { DType.Float32, DType.BFloat16 })
        {
            var width = code == WeightCode.Int8 ? 256 : 200;
            var weights = FusedAgreement.Normal(dtype, 3, 37, width);
            var numbers = Fused.CodedNumbers(weights, code).ToArray<float>();
            var exact = weights.To(DType.Float32).ToArray<float>();
            if (code == WeightCode.Int8)
            {
                Turn<float>(numbers, 8);
                Turn<float>(exact, 8);
            }

            var block = BlockSize(code);
            for (var i = 0; i < exact.Length; i++)
            {
                var (row, start) = (i / width * width, i % width / block * block);
                var neighbours = exact.AsSpan(row + start, Math.Min(block, width - start)).ToArray();
                var step = code switch
                {
                    WeightCode.Q41 => (neighbours.Max() - neighbours.Min()) / 15,
                    WeightCode.Q40 => neighbours.Max(Math.Abs) / 7,
                    _ => neighbours.Max(Math.Abs) / 127,
                };

                // Scale and least number are rounded to 11 bits: that moves the last code by up to 15 / 2048 or 127 /
                // 2048 of a step, and the first by 2⁻¹¹ of the least number, which is at most as large as some steps.
                Assert.Equal(exact[i], numbers[i], step * 0.58);
            }
        }
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_product_is_that_of_the_numbers_that_codes_stand_for(int isa, WeightCode code) =>
        FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        foreach (var (rows, outputs, inputs) in new[] { (1, 32, 128), (1, 160, 35), (3, 70, 300), (6, 33, 256),
            (23, 200, 64) })
        {
            var weights = FusedAgreement.Normal(DType.Float32, 4, outputs, inputs);
            foreach (var dtype in new[] { DType.Float32, DType.BFloat16 })
            {
                var x = FusedAgreement.Normal(dtype, 5, rows, inputs);

                var product = Fused.CodedMatmul(x, weights, code);

                var expected = Rounded(InWholeBlocks(x, code), code).Matmul(
                    Fused.CodedNumbers(InWholeBlocks(weights, code), code).To(DType.Float64).Transpose(0, 1));
                FusedAgreement.AssertClose(expected, product, 1e-6, $"{rows} x {outputs} x {inputs} of {dtype}");
            }
        }
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void In_8_bits_a_number_that_is_far_larger_than_its_neighbours_leaves_them_their_digits(int isa) =>
        FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        var (x, weights) = (FusedAgreement.Normal(DType.Float32, 5, 4, 128),
            FusedAgreement.Normal(DType.Float32, 4, 64, 128));
        for (var row = 0; row < 64; row++)
        {
            weights.AsSpan<float>()[(row * 128) + 77] = 0;
        }

        for (var row = 0; row < 4; row++)
        {
            x.AsSpan<float>()[(row * 128) + 77] = 100;
        }

        var product = Fused.CodedMatmul(x, weights, WeightCode.Int8).ToArray<float>();

        // A step of 100 / 127 would leave numbers of deviation 1 off by 0.23 of it (1 / √12 of a step). Turned, the
        // largest number is some 100 / √128 + 3, and a step an eighth; what is left is that 100 meets one weight that
        // is off by 0.7 % of the others, which adds 0.7 to sums of √128.
        var exact = x.Matmul(weights.Transpose(0, 1)).ToArray<float>();
        var error = Math.Sqrt(product.Zip(exact, (a, b) => Math.Pow(a - b, 2)).Sum() / exact.Sum(b => (double)b * b));
        Assert.InRange(error, 1e-4, 0.1);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_has_the_same_bits_alone_and_beside_others(int isa, WeightCode code) =>
        FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        var weights = FusedAgreement.Normal(DType.Float32, 4, 300, 200);
        var x = FusedAgreement.Normal(DType.Float32, 5, 21, 200);

        var together = Fused.CodedMatmul(x, weights, code);

        for (var row = 0; row < 21; row++)
        {
            FusedAgreement.AssertSame(
                together.Narrow(0, row, 1), Fused.CodedMatmul(x.Narrow(0, row, 1), weights, code));
        }
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_not_a_number_stays_none_and_in_its_row(int isa, WeightCode code) => FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        var weights = FusedAgreement.Normal(DType.Float32, 4, 40, 64);
        foreach (var strange in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var x = Tensor.Ones(DType.Float32, 2, 64);
            x.AsSpan<float>()[5] = strange;

            var product = Fused.CodedMatmul(x, weights, code).ToArray<float>();

            Assert.All(product[..40], value => Assert.True(float.IsNaN(value)));
            Assert.All(product[40..], value => Assert.True(float.IsFinite(value)));
        }
    });

    [Fact]
    public void Blocks_of_another_kind_are_refused()
    {
        using var scope = TensorScope.Open();
        var blocks = Tensor.Zeros(DType.UInt8, 4, 35);

        Assert.StartsWith(
            "hone::coded_matmul: rows of blocks must have a multiple of 34 bytes, got 35",
            Assert.Throws<TorchException>(() => Fused.CodedNumbers(blocks, WeightCode.Q80)).Message);
    }

    private static int BlockSize(WeightCode code) => code == WeightCode.Int8 ? 128 : 32;

    // Puts the least and the largest number into each block of 32, so that it has the whole range.
    private static void FillBlocks(Tensor weights, int width, float least, float largest)
    {
        var values = weights.AsSpan<float>();
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (i % width % 32) switch
            {
                0 => least,
                1 => largest,
                _ => values[i],
            };
        }
    }

    // x as its codes stand for it: scale · round(x / scale), scale = max |x| / 127 over each block; float64.
    private static Tensor Rounded(Tensor x, WeightCode code)
    {
        var values = x.To(DType.Float32).ToArray<float>();
        var (width, block) = ((int)x.Shape[1], BlockSize(code));
        if (code == WeightCode.Int8)
        {
            Turn<float>(values, 16);
        }

        var rounded = new double[values.Length];
        for (var row = 0; row < values.Length; row += width)
        {
            for (var start = 0; start < width; start += block)
            {
                var some = values.AsSpan(row + start, Math.Min(block, width - start));
                var scale = some.ToArray().Max(MathF.Abs) / 127;
                for (var i = 0; i < some.Length; i++)
                {
                    rounded[row + start + i] =
                        scale * (double)MathF.Round(some[i] * (1 / scale), MidpointRounding.ToEven);
                }
            }
        }

        if (code == WeightCode.Int8)
        {
            TurnBack<double>(rounded, 8);
        }

        return Tensor.From<double>(rounded, x.Shape);
    }

    // Zeros up to whole blocks where these are turned: what the codes of those stand for takes part in products.
    private static Tensor InWholeBlocks(Tensor rows, WeightCode code)
    {
        var missing = code == WeightCode.Int8 ? (128 - (rows.Shape[1] % 128)) % 128 : 0;
        return missing == 0 ? rows : Tensor.Cat([rows, Tensor.Zeros(rows.DType, rows.Shape[0], missing)], 1);
    }

    // Each block of 128 with the signs of the first bits of π's fraction, by a divisor, times the Hadamard matrix.
    private static void Turn<T>(Span<T> values, int divisor)
        where T : INumber<T>
    {
        Sign(values, divisor);
        AddAll(values);
    }

    private static void TurnBack<T>(Span<T> values, int divisor)
        where T : INumber<T>
    {
        AddAll(values);
        Sign(values, divisor);
    }

    private static void Sign<T>(Span<T> values, int divisor)
        where T : INumber<T>
    {
        uint[] fraction = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];
        for (var i = 0; i < values.Length; i++)
        {
            var isNegative = (fraction[i % 128 / 32] >> (i % 32) & 1) != 0;
            values[i] = (isNegative ? -values[i] : values[i]) / T.CreateChecked(divisor);
        }
    }

    private static void AddAll<T>(Span<T> values)
        where T : INumber<T>
    {
        for (var half = 1; half < 128; half *= 2)
        {
            for (var i = 0; i < values.Length; i++)
            {
                if ((i & half) == 0)
                {
                    (values[i], values[i + half]) = (values[i] + values[i + half], values[i] - values[i + half]);
                }
            }
        }
    }
}
