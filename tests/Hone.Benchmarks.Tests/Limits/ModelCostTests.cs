using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Models;
using Hone.Torch;

namespace Hone.Benchmarks.Tests.Limits;

public sealed class ModelCostTests
{
    private readonly ModelCost _l110M = new(BenchmarkModel.L110M.Config());

    [Fact]
    public void Every_token_meets_each_matrix_once()
    {
        // 12 layers of 768 · (2304 + 768 + 4096) + 2048 · 768, and the head of 768 · 32000
        Assert.Equal((12 * ((768 * (2304 + 768 + 4096)) + (2048 * 768))) + (768 * 32000), _l110M.MultipliedWeights);
    }

    [Theory]
    [InlineData(Precisions.BFloat16, 2, 2)]
    [InlineData(Precisions.Int8, 1 + (2.0 / 128), 1 + (2.0 / 128))]
    [InlineData(Precisions.Int4, 0.5 + (4.0 / 32), 1 + (2.0 / 128))] // the head is kept in 8 bits
    public void Every_token_reads_each_matrix_with_its_scales(string precision, double layers, double head) =>
        Assert.Equal(
            (layers * 12 * ((768 * (2304 + 768 + 4096)) + (2048 * 768))) + (head * 768 * 32000),
            _l110M.WeightBytes(precision));

    [Fact]
    public void A_forward_pass_costs_two_operations_a_weight()
    {
        // One token of 100: its share of the products is 2 · 109,510,656.
        var flops = _l110M.Forward(100, 100, 1.0 / 100).Sum(one => one.Times * one.Product.Flops);

        Assert.Equal(2 * _l110M.MultipliedWeights, flops, 1e-3);
    }

    [Fact]
    public void Products_of_one_shape_are_counted_not_listed()
    {
        var products = _l110M.Forward(64, 1, 1).ToList();

        Assert.Equal(
            [
                ("forward 64x768x2304", 12), ("forward 64x768x768", 12), ("forward 64x768x4096", 12),
                ("forward 64x2048x768", 12),
                ("forward 1x768x32000", 1),
            ],
            products.Select(one => (one.Product.ToString(), (int)one.Times)));
    }

    [Fact]
    public void Training_costs_three_times_as_much_in_the_shapes_of_a_backward_pass()
    {
        var products = _l110M.Training(64, 60, 1).ToList();

        Assert.Contains(new CountedProduct(new MatrixProduct(ProductKind.Input, 64, 2304, 768), 12), products);
        Assert.Contains(new CountedProduct(new MatrixProduct(ProductKind.Weight, 2304, 64, 768), 12), products);
        Assert.Contains(new CountedProduct(new MatrixProduct(ProductKind.Weight, 32000, 60, 768), 1), products);
        Assert.Equal(3 * _l110M.Forward(64, 60, 1).Sum(one => one.Times * one.Product.Flops),
            products.Sum(one => one.Times * one.Product.Flops));
    }

    [Fact]
    public void Attention_scores_and_mixes_every_token_before() =>
        // layers · heads · two products of 64 · context
        Assert.Equal(2 * 12 * 12 * (64 + 64) * 10, _l110M.Attention(10));

    [Fact]
    public void Shared_keys_leave_fewer_bytes_behind() =>
        Assert.Equal(24 * 2 * (64 + 64) * 2, new ModelCost(BenchmarkModel.L05B.Config()).CacheBytes(DType.BFloat16));

    [Fact]
    public void A_model_without_gates_has_one_matrix_less() =>
        Assert.Equal(
            (12 * ((768 * (2304 + 768 + 3072)) + (3072 * 768))) + (768 * 50257),
            new ModelCost(BenchmarkModel.Gpt2.Config()).MultipliedWeights);
}
