namespace Hone.Torch.Tests;

public sealed class FusedPagedAttentionTests
{
    private const double Scale = 0.2;
    private const int Slots = 16;
    private const long KvHeads = 2;
    private const long Dim = 40;

    public static TheoryData<int, DType> Kinds => FusedAgreement.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_chunking_gives_the_bits_of_training(int isa, DType dtype) => FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        const int length = 201;
        var q = FusedAgreement.Normal(dtype, 1, length, 4, Dim);
        var k = FusedAgreement.Normal(dtype, 2, length, KvHeads, Dim);
        var v = FusedAgreement.Normal(dtype, 3, length, KvHeads, Dim);
        int[] pages = [.. Enumerable.Range(0, 13).Select(i => (i * 5) % 13)]; // a shuffled block table
        foreach (var window in new[] { 0L, 50L })
        {
            var whole = Fused.SegmentAttention(q, k, v, Tensor.Of(0L, length), Scale, window);
            foreach (var chunk in new[] { 201, 1, 2, 7, 100 })
            {
                var (kPages, vPages) = Poisoned(new PageLayout(dtype, KvHeads, Dim, Slots), 13);
                for (var start = 0; start < length; start += chunk)
                {
                    using var step = TensorScope.Open();
                    var count = Math.Min(chunk, length - start);
                    var slots =
                        Tensor.Of<long>(
                            [.. Enumerable.Range(start, count).Select(
                                t => (long)((pages[t / Slots] * Slots) + (t % Slots)))]);
                    Fused.PagedStore(k.Narrow(0, start, count), v.Narrow(0, start, count), kPages, vPages, slots);
                    var part = Fused.PagedAttention(
                        q.Narrow(0, start, count),
                        kPages,
                        vPages,
                        Tensor.From<int>(pages, 1, 13),
                        Tensor.Of(0, count),
                        Tensor.Of(start + count),
                        Scale,
                        window);
                    FusedAgreement.AssertSame(whole.Narrow(0, start, count), part);
                }
            }
        }
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NaN_reaches_no_query_that_does_not_see_it(int isa, DType dtype) => FusedAgreement.On(isa, () =>
    {
        // Chunks of many and of few queries with two heads to a key-value head, whole and with a window; what stands at
        // one of their places, whose pair in bfloat16 is the place before or after it, reaches the queries from there
        // on alone.
        foreach (var (chunk, window) in new[] { (60, 0L), (60, 9L), (3, 0L), (3, 2L), (2, 0L) })
        {
            foreach (var poison in new[] { 100 + (chunk / 2), 100 + chunk - 1 })
            {
                using var scope = TensorScope.Open();
                var (clean, poisoned) = (Last(null), Last(poison));
                var (first, after) = (poison - 100, window > 0 ? Math.Min(chunk, poison - 100 + (int)window) : chunk);
                FusedAgreement.AssertSame(clean.Narrow(0, 0, first), poisoned.Narrow(0, 0, first));
                FusedAgreement.AssertSame(
                    clean.Narrow(0, after, chunk - after), poisoned.Narrow(0, after, chunk - after));
                Assert.All(poisoned.Narrow(0, first, after - first).ToArray<float>(),
                    value => Assert.True(float.IsNaN(value)));

                Tensor Last(int? poison)
                {
                    var length = 100 + chunk;
                    var (k, v) = (FusedAgreement.Normal(dtype, 2, length, KvHeads, Dim),
                        FusedAgreement.Normal(dtype, 3, length, KvHeads, Dim));
                    if (poison is { } place)
                    {
                        k.Narrow(0, place, 1).Fill(double.NaN);
                        v.Narrow(0, place, 1).Fill(double.NaN);
                    }

                    var (kPages, vPages) = Poisoned(new PageLayout(dtype, KvHeads, Dim, Slots), 10);
                    Fused.PagedStore(
                        k, v, kPages, vPages, Tensor.Of<long>([.. Enumerable.Range(0, length).Select(t => (long)t)]));
                    return Fused.PagedAttention(
                        FusedAgreement.Normal(dtype, 1, chunk, 2 * KvHeads, Dim),
                        kPages,
                        vPages,
                        Tensor.From<int>([.. Enumerable.Range(0, 10)], 1, 10),
                        Tensor.Of(0, chunk),
                        Tensor.Of(length),
                        Scale,
                        window);
                }
            }
        }
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_sequence_gives_the_same_bits_alone_and_in_a_batch(int isa, DType dtype) =>
        FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        var (kPages, vPages) = Filled(dtype, 20);
        var q = FusedAgreement.Normal(dtype, 4, 12, 6, Dim);
        // Three sequences of 1, 10 and 1 queries with contexts of 5, 70 and 33 tokens; the last two share a page.
        var table = Tensor.From([3, 0, 0, 0, 0, 7, 1, 9, 2, 4, 7, 8, 5, 0, 0], 3, 5);

        var batch =
            Fused.PagedAttention(q, kPages, vPages, table, Tensor.Of(0, 1, 11, 12), Tensor.Of(5, 70, 33), Scale);
        var alone = Fused.PagedAttention(
            q.Narrow(0, 1, 10), kPages, vPages, table.Narrow(0, 1, 1), Tensor.Of(0, 10), Tensor.Of(70), Scale);

        FusedAgreement.AssertSame(alone, batch.Narrow(0, 1, 10));
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decoding_agrees_with_its_composition(int isa, DType dtype) => FusedAgreement.On(isa, () =>
    {
        using var scope = TensorScope.Open();
        var (kPages, vPages) = Filled(dtype, 20);
        var table = Tensor.From([3, 11, 0, 0, 0, 7, 1, 9, 2, 4, 7, 8, 5, 0, 0], 3, 5);
        foreach (var heads in new long[] { 2, 6, 24 })
        {
            foreach (var (window, softcap) in new[] { (0L, 0.0), (9L, 0.0), (0L, 1.5) })
            {
                var q = FusedAgreement.Normal(dtype, 4, 3, heads, Dim);
                Argument[] arguments =
                    [q, kPages, vPages, table, Tensor.Of(0, 1, 2, 3), Tensor.Of(32, 70, 33), Scale, window, softcap];
                FusedAgreement.AssertClose(
                    Operator.Find("hone::paged_attention", "composite").Call(arguments),
                    Operator.Find("hone::paged_attention").Call(arguments),
                    FusedAgreement.Tolerance(dtype),
                    $"{heads} heads, window {window}, softcap {softcap}");
            }
        }
    });

    [Fact]
    public void A_query_sees_its_own_context_and_no_more()
    {
        // Contexts [1 3] in page 1 and [10] in page 0; q = 0 averages: 2 and 10. All other slots are NaN.
        using var scope = TensorScope.Open();
        foreach (var dtype in new[] { DType.Float32, DType.BFloat16 })
        {
            var layout = new PageLayout(dtype, Heads: 1, Dim: 1, Slots);
            var (kPages, vPages) = Poisoned(layout, 2);
            Fused.PagedStore(
                Tensor.Zeros(dtype, 3, 1, 1), Tensor.From([1f, 3f, 10f], 3, 1, 1).To(dtype), kPages, vPages,
                Tensor.Of(16L, 17L, 0L));

            var y = Fused.PagedAttention(
                Tensor.Zeros(dtype, 2, 1, 1), kPages, vPages, Tensor.From([1, 0], 2, 1), Tensor.Of(0, 1, 2),
                Tensor.Of(2, 1), 1);

            Assert.Equal([2f, 10f], y.ToArray<float>());
        }
    }

    [Fact]
    public void Stored_keys_and_values_lie_as_the_layout_says()
    {
        // Three numbers of one head at slots 0 and 17: keys [dim][slot], values [slot][dim]; in bfloat16 dims 0 and 1
        // of a key are neighbours, and slots 16 and 17 of a value.
        using var scope = TensorScope.Open();
        var (key, value) =
            (Tensor.From([1f, 2f, 3f, 4f, 5f, 6f], 2, 1, 3), Tensor.From([7f, 8f, 9f, 10f, 11f, 12f], 2, 1, 3));
        foreach (var dtype in new[] { DType.Float32, DType.BFloat16, DType.Float64 })
        {
            var layout = new PageLayout(dtype, Heads: 1, Dim: 3, Slots);
            var (kPages, vPages) = (Tensor.Zeros(dtype, layout.Keys(2)), Tensor.Zeros(dtype, layout.Values(2)));
            Fused.PagedStore(key.To(dtype), value.To(dtype), kPages, vPages, Tensor.Of(0L, 17L));

            var (k, v) = (kPages.ToArray<float>(), vPages.ToArray<float>());
            var second = (int)kPages.Count / 2;
            var pairs = dtype == DType.BFloat16;
            Assert.Equal([1f, 2f, 3f], pairs ? [k[0], k[1], k[32]] : (float[])[k[0], k[16], k[32]]);
            Assert.Equal([4f, 5f, 6f], pairs ? [k[second + 2], k[second + 3], k[second + 34]]
                : (float[])[k[second + 1], k[second + 17], k[second + 33]]);
            Assert.Equal([7f, 8f, 9f], pairs ? [v[0], v[2], v[4]] : v[..3]);
            Assert.Equal([10f, 11f, 12f], pairs ? [v[257], v[259], v[261]] : v[(256 + 16)..(256 + 19)]);
            Assert.Equal((6, 6), (k.Count(x => x != 0), v.Count(x => x != 0)));
        }
    }

    [Fact]
    public void A_block_table_must_name_pages_that_exist()
    {
        using var scope = TensorScope.Open();
        var (kPages, vPages) = Filled(DType.Float32, 4);
        var q = FusedAgreement.Normal(DType.Float32, 4, 1, 2, Dim);
        var error = Assert.Throws<TorchException>(() => Fused.PagedAttention(
            q, kPages, vPages, Tensor.From([2, 4], 1, 2), Tensor.Of(0, 1), Tensor.Of(17), Scale));
        Assert.Equal("hone::paged_attention: page 1 of sequence 0 must be from 0 to 3, got 4", error.Message);
    }

    [Fact]
    public void A_context_must_hold_its_queries_and_fit_its_pages()
    {
        using var scope = TensorScope.Open();
        var (kPages, vPages) = Filled(DType.Float32, 4);
        var q = FusedAgreement.Normal(DType.Float32, 4, 1, 2, Dim);
        var error = Assert.Throws<TorchException>(() => Fused.PagedAttention(
            q, kPages, vPages, Tensor.From([2, 3], 1, 2), Tensor.Of(0, 1), Tensor.Of(33), Scale));
        Assert.Equal(
            "hone::paged_attention: sequence 0 has 1 queries, a context of 33 and room for 32; each must hold the one "
                + "before",
            error.Message);
    }

    private static (Tensor K, Tensor V) Poisoned(PageLayout layout, long pages) =>
        (Tensor.Full(double.NaN, layout.Type, layout.Keys(pages)),
            Tensor.Full(double.NaN, layout.Type, layout.Values(pages)));

    private static (Tensor K, Tensor V) Filled(DType dtype, long pages)
    {
        var layout = new PageLayout(dtype, KvHeads, Dim, Slots);
        return (FusedAgreement.Normal(dtype, 5, layout.Keys(pages)),
            FusedAgreement.Normal(dtype, 6, layout.Values(pages)));
    }
}
