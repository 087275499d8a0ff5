using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;

namespace Hone.Benchmarks.Tests.Limits;

public sealed class MachineLimitsTests
{
    private static readonly MatrixProduct Product = new(ProductKind.Forward, 1000, 1000, 500); // 1 GFLOP

    private readonly MachineLimits _limits = new();

    public MachineLimitsTests()
    {
        Add("limits/gemm2048", "matmul_2t", Precisions.Float32, 100); // GFLOP/s
        Add("limits/memory", "read_2t", Precisions.Float32, 40); // GB/s
        Add("limits/memory", "copy_2t", Precisions.Float32, 90);
    }

    [Fact]
    public void What_computes_is_a_share_of_the_rate_of_products()
    {
        // 30 units a second of 1 + 1 GFLOP are 60 GFLOP/s of 100; their 30 · 0.5 GB take less of memory.
        var judged = _limits.Judge(
            Found(30, new Phase { Products = [new CountedProduct(Product, 1)], OtherFlops = 1e9, Bytes = 0.5e9 }));

        Assert.Equal(
            """{"gflop_per_s":60,"gb_per_s":15,"share_of_limit":0.6,"limit":"products"}""", judged.ToJsonString());
    }

    [Fact]
    public void What_reads_is_a_share_of_the_rate_of_reading() =>
        Assert.Equal("""{"gb_per_s":30,"share_of_limit":0.75,"limit":"memory"}""",
            _limits.Judge(Found(3, new Phase { Bytes = 1e10 })).ToJsonString());

    [Fact]
    public void Phases_take_their_times_one_after_the_other()
    {
        // A unit takes 0.1 s of products (10 GFLOP) and then 0.15 s of memory (6 GB): 2 units a second are half of the
        // 4 that are possible.
        var judged =
            _limits.Judge(Found(2, new Phase { OtherFlops = 1e10 }, new Phase { Bytes = 6e9, OtherFlops = 1e9 }));

        Assert.Equal(
            """{"gflop_per_s":22,"gb_per_s":12,"share_of_limit":0.5,"limit":"memory"}""", judged.ToJsonString());
    }

    [Fact]
    public void Shapes_that_were_measured_are_a_limit_of_their_own()
    {
        Add($"limits/matmul/{Product}", "mm_2t", Precisions.Float32, 80);

        // 60 units a second of 1 GFLOP: 60 of the 80 GFLOP/s that the shape has.
        var judged = _limits.Judge(Found(60, new Phase { Products = [new CountedProduct(Product, 1)] }));

        Assert.Equal(0.75, (double?)judged["share_of_shapes"]);
    }

    [Theory]
    [InlineData(Precisions.Int8)]
    [InlineData(Precisions.Int4)]
    public void Weights_in_few_bits_are_multiplied_as_integers_and_attention_is_not(string precision)
    {
        Add("limits/gemm2048", "matmul_2t", Precisions.Int8, 400);
        Add("limits/gemm2048", "matmul_2t", Precisions.BFloat16, 200);
        var found = Found(
            50, new Phase { Products = [new CountedProduct(Product, 4)], OtherFlops = 1e9, Bytes = 0.1e9 });

        var judged = _limits.Judge(found with { Subject = found.Subject with { Precision = precision } });

        // A unit takes 4 / 400 s of products and 1 / 200 s of attention: 50 of them are 0.75 of a second.
        Assert.Equal(
            """{"gflop_per_s":250,"gb_per_s":5,"share_of_limit":0.75,"limit":"products"}""", judged.ToJsonString());
    }

    [Fact]
    public void Without_the_rate_of_integers_weights_in_few_bits_have_no_share()
    {
        Add("limits/gemm2048", "matmul_2t", Precisions.BFloat16, 200);
        var found = Found(1, new Phase { Products = [new CountedProduct(Product, 1)] });

        var judged = _limits.Judge(found with { Subject = found.Subject with { Precision = Precisions.Int8 } });

        Assert.Equal("""{"gflop_per_s":1}""", judged.ToJsonString());
    }

    [Fact]
    public void Without_the_limit_of_its_threads_a_work_has_rates_but_no_share()
    {
        var found = Found(1, new Phase { OtherFlops = 1e9 });

        var judged = _limits.Judge(found with { Subject = found.Subject with { Threads = 1 } });

        Assert.Equal("""{"gflop_per_s":1}""", judged.ToJsonString());
    }

    private static Measurement Found(double units, params Phase[] phases) =>
        new(Samples.Subject(), [1], new Check(true, "")) { Cost = new Cost(phases), UnitsPerSecond = units };

    private void Add(string work, string variant, string precision, double rate) =>
        _limits.Add(
            new Measurement(Samples.Subject(work, precision) with { Variant = variant }, [rate], new Check(true, "")));
}
