namespace Hone.Torch.Tests;

/// <summary>Segments that go on from another one.</summary>
public sealed class SharedAttentionTests
{
    private const double Scale = 0.2;

    public static TheoryData<int, DType> Kinds => FusedAgreement.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Values_and_gradients_agree_with_their_composition(int isa, DType dtype) => FusedAgreement.On(isa, () =>
    {
        Check(dtype, heads: 4, kvHeads: 2, dim: 16, window: 0, softcap: 0, [0, 5, 12, 13, 40], [-1, 0, 0, -1]);
        Check(dtype, heads: 3, kvHeads: 3, dim: 17, window: 0, softcap: 0, [0, 70, 90, 190], [-1, 0, 0]);
        Check(dtype, heads: 6, kvHeads: 2, dim: 64, window: 0, softcap: 0, [0, 20, 84, 150, 155, 230],
            [-1, -1, 1, 1, 0]);
        Check(dtype, heads: 2, kvHeads: 1, dim: 32, window: 30, softcap: 3, [0, 50, 60, 130], [-1, 0, 0]);
    });

    [Fact]
    public void A_token_averages_the_values_of_the_segment_that_its_own_goes_on_from()
    {
        // q = 0 weighs all keys alike. The prompt [1 3] and two answers [8] and [2 4]; with a window of 2 an answer's
        // first token sees the prompt's last and itself.
        using var scope = TensorScope.Open();
        var q = Tensor.Zeros(DType.Float32, 5, 1, 1);
        var k = FusedAgreement.Normal(DType.Float32, 1, 5, 1, 1);
        var v = Tensor.From([1f, 3f, 8f, 2f, 4f], 5, 1, 1);
        var (starts, parents) = (Tensor.Of(0L, 2L, 3L, 5L), Tensor.Of(-1L, 0L, 0L));

        FusedAgreement.AssertNear(
            [1f, 2f, 4f, 2f, 2.5f], Fused.SegmentAttention(q, k, v, starts, 1, parents: parents), 1e-6);
        FusedAgreement.AssertNear(
            [1f, 2f, 5.5f, 2.5f, 3f], Fused.SegmentAttention(q, k, v, starts, 1, window: 2, parents: parents), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_segment_that_goes_on_gives_the_bits_of_the_whole_sequence(int isa, DType dtype) =>
        FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        var (q, k, v) = Random(dtype, 190, 6, 2, 24);
        // the prompt, then the second answer
        Tensor Whole(Tensor x) => Tensor.Cat([x.Narrow(0, 0, 53), x.Narrow(0, 110, 80)]);

        var shared =
            Fused.SegmentAttention(q, k, v, Tensor.Of(0L, 53L, 110L, 190L), Scale, parents: Tensor.Of(-1L, 0L, 0L));
        var alone = Fused.SegmentAttention(Whole(q), Whole(k), Whole(v), Tensor.Of(0L, 133L), Scale);

        FusedAgreement.AssertSame(alone, Tensor.Cat([shared.Narrow(0, 0, 53), shared.Narrow(0, 110, 80)]));
    });

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.BFloat16)]
    public void Values_and_gradients_do_not_depend_on_the_number_of_threads(DType dtype) => FusedAgreement.CheckThreads(
        () => Random(dtype, 500, 6, 2, 32),
        (q, k, v) => Fused.SegmentAttention(
            q, k, v, Tensor.Of(0L, 100L, 130L, 300L, 350L, 500L), Scale, parents: Tensor.Of(-1L, 0L, -1L, 0L, 2L)));

    [Fact]
    public void A_segment_goes_on_from_one_before_it_that_goes_on_from_none()
    {
        using var scope = TensorScope.Open();
        var (q, k, v) = Random(DType.Float32, 6, 1, 1, 2);
        var starts = Tensor.Of(0L, 2L, 4L, 6L);
        string Refusal(params long[] parents) =>
            Assert.Throws<TorchException>(
                () => Fused.SegmentAttention(q, k, v, starts, 1, parents: Tensor.Of<long>(parents))).Message;

        Assert.Equal("hone::segment_attention: segment 1 must go on from one before it that goes on from none, got 1",
            Refusal(-1, 1, 0));
        Assert.Equal("hone::segment_attention: segment 2 must go on from one before it that goes on from none, got 1",
            Refusal(-1, 0, 1));
        Assert.Equal("hone::segment_attention: parents must be int64 [segment = 3], got Long [2]", Refusal(-1, 0));
    }

    private static (Tensor Q, Tensor K, Tensor V) Random(
        DType dtype, long tokens, long heads, long kvHeads, long dim) =>
        (FusedAgreement.Normal(dtype, 1, tokens, heads, dim),
            FusedAgreement.Normal(dtype, 2, tokens, kvHeads, dim),
            FusedAgreement.Normal(dtype, 3, tokens, kvHeads, dim));

    private static void Check(
        DType dtype, long heads, long kvHeads, long dim, long window, double softcap, long[] segmentStarts,
        long[] segmentParents)
    {
        using var scope = TensorScope.Open();
        var (q, k, v) = Random(dtype, segmentStarts[^1], heads, kvHeads, dim);
        var (starts, parents) = (Tensor.Of<long>(segmentStarts), Tensor.Of<long>(segmentParents));
        FusedAgreement.Check(
            "hone::segment_attention",
            [q, k, v],
            (op, x) => op.Call(x[0], x[1], x[2], starts, 1 / Math.Sqrt(dim), window, softcap, parents));
    }
}
