using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Tests.Adapters;
using Hone.Torch;

namespace Hone.Models.Tests;

public sealed class DropoutKeyTests
{
    [Fact]
    public void Numbers_are_dropped_at_the_rate_and_the_others_scaled_up()
    {
        using var scope = TensorScope.Open();
        var key = new DropoutKey(7, 1, [.. Enumerable.Repeat(0, 200)], [.. Enumerable.Range(0, 200)]);

        var mask = key.Mask(Tensor.Zeros(DType.Float32, 200, 50), rate: 0.25, place: 3).ToArray<float>();

        // 10,000 draws: the share of zeros is within √(0.25·0.75/10000) = 0.0043 of 0.25, four times over.
        Assert.Equal(0.25, mask.Count(factor => factor == 0) / 10000.0, 0.0174);
        Assert.All(mask.Where(factor => factor != 0), factor => Assert.Equal(4 / 3f, factor, 1e-6f));
    }

    [Fact]
    public void What_is_dropped_of_a_token_has_the_address_of_its_example_and_place()
    {
        using var scope = TensorScope.Open();
        var x = Tensor.Zeros(DType.Float32, 3, 40);
        float[] Row(DropoutKey key, int token, int place = 0) =>
            key.Mask(x, 0.5, place).ToArray<float>()[(40 * token)..(40 * (token + 1))];
        var key = new DropoutKey(7, 1, [0, 0, 4], [0, 1, 2]);
        var elsewhere = new DropoutKey(7, 1, [4, 9, 9], [2, 0, 1]);

        Assert.Equal(Row(key, 2), Row(elsewhere, 0));
        Assert.NotEqual(Row(key, 0), Row(key, 1));
        Assert.NotEqual(Row(key, 0), Row(key with { Update = 2 }, 0));
        Assert.NotEqual(Row(key, 0), Row(key with { Seed = 8 }, 0));
        Assert.NotEqual(Row(key, 0), Row(key, 0, place: 1));
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("dora")]
    [InlineData("vera")]
    [InlineData("adalora")]
    public void A_packed_batch_drops_what_its_sequences_drop_alone(string kind)
    {
        using var scope = TensorScope.Open();
        using var model = TinyAdapters.Model();
        var adapter = Adapter.Create(model, WithDropout(kind), seed: 3);
        TinyAdapters.Move(adapter, 3);
        model.Adapters.Add("dropping", adapter);
        model.Adapters.Activate("dropping");
        int[] first = [1, 2, 3];
        int[] second = [4, 5, 6, 7];

        var packed = Hidden(model, [0, 0, 0, 1, 1, 1, 1], [0, 1, 2, 0, 1, 2, 3], first, second);

        Assert.Equal(
            [.. Hidden(model, [0, 0, 0], [0, 1, 2], first), .. Hidden(model, [1, 1, 1, 1], [0, 1, 2, 3], second)],
            packed,
            Close);
        Assert.NotEqual(model.Hidden(TokenBatch.Of(first, second)).ToArray<float>(), packed, Close);
    }

    private static AdapterConfig WithDropout(string kind) => TinyAdapters.All[kind] switch
    {
        LoraConfig lora => lora with { Dropout = 0.3 },
        VeraConfig vera => vera with { Dropout = 0.3 },
        AdaLoraConfig adaLora => adaLora with { Dropout = 0.3 },
        var other => other,
    };

    private static float[] Hidden(Decoder model, int[] examples, int[] places, params int[][] sequences) =>
        model.Hidden(TokenBatch.Of(sequences) with { Dropout = new DropoutKey(7, 1, examples, places) })
            .ToArray<float>();

    private static bool Close(float a, float b) => Math.Abs(a - b) <= 1e-5f;
}
