namespace Hone.Torch.Tests;

public sealed class FusedAttentionTests
{
    private const double Scale = 0.2;

    public static TheoryData<int, DType> Kinds => FusedAgreement.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Segments_agree_with_their_composition(int isa, DType dtype) => FusedAgreement.On(isa, () =>
    {
        Check(dtype, heads: 4, kvHeads: 2, dim: 16, window: 0, softcap: 0, 0, 5, 5, 30); // an empty segment
        Check(dtype, heads: 3, kvHeads: 3, dim: 17, window: 0, softcap: 0, 0, 100); // an odd size
        Check(dtype, heads: 9, kvHeads: 3, dim: 64, window: 0, softcap: 0, 0, 40, 90, 300);
        Check(dtype, heads: 6, kvHeads: 1, dim: 48, window: 20, softcap: 0, 0, 3, 150);
        Check(dtype, heads: 2, kvHeads: 1, dim: 256, window: 70, softcap: 3, 0, 200);
        Check(dtype, heads: 80, kvHeads: 1, dim: 8, window: 0, softcap: 0, 0, 30); // more heads than lanes
        Check(dtype, heads: 1, kvHeads: 1, dim: 1, window: 0, softcap: 2, 0, 65);
    });

    [Fact]
    public void A_token_averages_the_values_it_sees()
    {
        // q = 0 weighs all keys alike. Segments [v: 1 3 8] and [10 20]; with a window of 2 the third sees 3 and 8
        // alone.
        using var scope = TensorScope.Open();
        var q = Tensor.Zeros(DType.Float32, 5, 1, 1);
        var k = FusedAgreement.Normal(DType.Float32, 1, 5, 1, 1);
        var v = Tensor.From([1f, 3f, 8f, 10f, 20f], 5, 1, 1);
        var starts = Tensor.Of(0L, 3L, 5L);

        FusedAgreement.AssertNear([1f, 2f, 4f, 10f, 15f], Fused.SegmentAttention(q, k, v, starts, 1), 1e-6);
        FusedAgreement.AssertNear(
            [1f, 2f, 5.5f, 10f, 15f], Fused.SegmentAttention(q, k, v, starts, 1, window: 2), 1e-6);
    }

    [Fact]
    public void The_softcap_bounds_scores_before_the_softmax()
    {
        // q·k = 0 and 4, capped to 0 and 2·tanh(2) = 1.92806: weights 1/(1 + e^1.92806) = 0.126966 and 0.873034; v = 0
        // and 1.
        using var scope = TensorScope.Open();
        var q = Tensor.From([0f, 2f], 2, 1, 1);
        var k = Tensor.From([0f, 2f], 2, 1, 1);
        var v = Tensor.From([0f, 1f], 2, 1, 1);

        var y = Fused.SegmentAttention(q, k, v, Tensor.Of(0L, 2L), 1, softcap: 2);

        FusedAgreement.AssertNear([0f, 0.873034f], y, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_segment_gives_the_same_bits_alone_and_packed(int isa, DType dtype) => FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        var (q, k, v) = Random(dtype, 200, 6, 2, 24);

        var packed = Fused.SegmentAttention(q, k, v, Tensor.Of(0L, 37L, 150L, 200L), Scale);
        var alone = Fused.SegmentAttention(
            q.Narrow(0, 37, 113), k.Narrow(0, 37, 113), v.Narrow(0, 37, 113), Tensor.Of(0L, 113L), Scale);

        FusedAgreement.AssertSame(alone, packed.Narrow(0, 37, 113));
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NaN_reaches_no_token_that_does_not_see_it(int isa, DType dtype) => FusedAgreement.On(isa, () =>
    {
        Check(queries: 100, window: 0); // the many queries of one segment are the lanes
        Check(queries: 100, window: 9);
        Check(queries: 6, window: 0); // few queries, so that keys are the lanes

        void Check(int queries, int window)
        {
            using var scope = TensorScope.Open();
            var (q, k, v) = Random(dtype, queries, 2, 1, 24);
            var poison = queries / 2;
            var starts = Tensor.Of(0L, queries);

            var (clean, cleanGradients) = Run(poison, q, k, v, starts, window);
            foreach (var x in new[] { k, v })
            {
                x.Narrow(0, poison, 1).Fill(double.NaN);
            }

            var (poisoned, gradients) = Run(poison, q, k, v, starts, window);
            FusedAgreement.AssertSame(clean.Narrow(0, 0, poison), poisoned.Narrow(0, 0, poison));
            Assert.All(poisoned.Narrow(0, poison, 1).ToArray<float>(), value => Assert.True(float.IsNaN(value)));
            if (window > 0)
            {
                var after = poison + window;
                FusedAgreement.AssertSame(
                    clean.Narrow(0, after, queries - after), poisoned.Narrow(0, after, queries - after));
            }

            foreach (var (expected, actual) in cleanGradients.Zip(gradients))
            {
                FusedAgreement.AssertSame(expected.Narrow(0, 0, poison), actual.Narrow(0, 0, poison));
            }
        }

        // The gradient of what the first tokens give.
        static (Tensor Y, Tensor[] Gradients) Run(int kept, Tensor q, Tensor k, Tensor v, Tensor starts, int window)
        {
            Tensor[] inputs = [q.Clone(), k.Clone(), v.Clone()];
            foreach (var x in inputs)
            {
                x.RequiresGrad = true;
            }

            var y = Fused.SegmentAttention(inputs[0], inputs[1], inputs[2], starts, Scale, window);
            y.Narrow(0, 0, kept).Sum().Backward();
            return (y, [.. inputs.Select(x => x.Grad!)]);
        }
    });

    [Fact]
    public void NaN_in_another_segment_or_in_the_future_block_stays_there()
    {
        using var scope = TensorScope.Open();
        var (q, k, v) = Random(DType.Float32, 40, 2, 2, 8);
        foreach (var x in new[] { q, k, v })
        {
            x.Narrow(0, 0, 11).Fill(double.NaN);
            x.Narrow(0, 30, 10).Fill(double.NaN);
            x.RequiresGrad = true;
        }

        var y = Fused.SegmentAttention(q, k, v, Tensor.Of(0L, 11L, 30L, 40L), Scale);
        y.Narrow(0, 11, 19).Sum().Backward();

        Assert.All(y.Narrow(0, 11, 19).ToArray<float>(), value => Assert.True(float.IsFinite(value)));
        Assert.All(
            new[] { q, k, v },
            x => Assert.All(x.Grad!.Narrow(0, 11, 19).ToArray<float>(), value => Assert.True(float.IsFinite(value))));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.BFloat16)]
    public void Values_and_gradients_do_not_depend_on_the_number_of_threads(DType dtype) => FusedAgreement.CheckThreads(
        () => Random(dtype, 500, 6, 2, 32),
        (q, k, v) => Fused.SegmentAttention(q, k, v, Tensor.Of(0L, 100L, 130L, 500L), Scale));

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        // Central differences of a loss in float32 with step 1e-2: error ~ step² ~ 1e-4, rounding ~ 1e-7/1e-2 ~ 1e-5.
        using var scope = TensorScope.Open();
        var (q, k, v) = Random(DType.Float32, 5, 2, 1, 3);
        var weigh = FusedAgreement.Normal(DType.Float32, 4, 5, 2, 3);
        q.RequiresGrad = k.RequiresGrad = v.RequiresGrad = true;
        Loss(q, k, v).Backward();

        foreach (var x in new[] { q, k, v })
        {
            var values = x.Detach().AsSpan<float>();
            var gradient = x.Grad!.ToArray<float>();
            using var noGrad = Autograd.NoGrad();
            for (var i = 0; i < gradient.Length; i++)
            {
                var value = values[i];
                values[i] = value + 0.01f;
                var above = Loss(q, k, v).Item();
                values[i] = value - 0.01f;
                var below = Loss(q, k, v).Item();
                values[i] = value;
                Assert.Equal((above - below) / 0.02, gradient[i], 1e-3);
            }
        }

        Tensor Loss(Tensor q, Tensor k, Tensor v) =>
            (Fused.SegmentAttention(q, k, v, Tensor.Of(0L, 2L, 5L), Scale, softcap: 1.5) * weigh).Sum();
    }

    [Fact]
    public void Segment_starts_must_cover_the_tokens()
    {
        using var scope = TensorScope.Open();
        var (q, k, v) = Random(DType.Float32, 4, 1, 1, 2);
        var error = Assert.Throws<TorchException>(() => Fused.SegmentAttention(q, k, v, Tensor.Of(0L, 3L), 1));
        Assert.Equal("hone::segment_attention: segment_starts must rise from 0 to token = 4, got 0 3", error.Message);
    }

    [Fact]
    public void Heads_must_come_in_groups()
    {
        using var scope = TensorScope.Open();
        var (q, _, _) = Random(DType.Float32, 4, 3, 1, 2);
        var (_, k, v) = Random(DType.Float32, 4, 2, 2, 2);
        var error = Assert.Throws<TorchException>(() => Fused.SegmentAttention(q, k, v, Tensor.Of(0L, 4L), 1));
        Assert.Equal(
            "hone::segment_attention: the heads of q must be a multiple of those of k, got 3 and 2", error.Message);
    }

    private static (Tensor Q, Tensor K, Tensor V) Random(
        DType dtype, long tokens, long heads, long kvHeads, long dim) =>
        (FusedAgreement.Normal(dtype, 1, tokens, heads, dim),
            FusedAgreement.Normal(dtype, 2, tokens, kvHeads, dim),
            FusedAgreement.Normal(dtype, 3, tokens, kvHeads, dim));

    private static void Check(
        DType dtype, long heads, long kvHeads, long dim, long window, double softcap,
        params ReadOnlySpan<long> segmentStarts)
    {
        using var scope = TensorScope.Open();
        var (q, k, v) = Random(dtype, segmentStarts[^1], heads, kvHeads, dim);
        var starts = Tensor.Of(segmentStarts);
        FusedAgreement.Check(
            "hone::segment_attention",
            [q, k, v],
            (op, x) => op.Call(x[0], x[1], x[2], starts, 1 / Math.Sqrt(dim), window, softcap));
    }
}
