using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Tests;

public sealed class TrainingPassTests
{
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.BFloat16)]
    public void Recomputation_gives_the_same_bits_and_the_same_gradients(DType compute)
    {
        using var scope = TensorScope.Open();
        var (hidden, gradients) = Run(compute, recompute: false);
        var (again, recomputed) = Run(compute, recompute: true);

        Assert.Equal(hidden, again);
        foreach (var (name, gradient) in gradients)
        {
            Assert.Equal(gradient, recomputed[name]);
        }
    }

    [Fact]
    public void Recomputation_keeps_the_inputs_of_layers_and_no_more()
    {
        using var scope = TensorScope.Open();
        var config = TinyModel.Config() with { Layers = ValueList.Create<LayerConfig>(new LayerConfig[12]) };
        using var decoder = Decoder.Create(config, seed: 1);
        decoder.SetTrainable(true);
        var batch = TokenBatch.Of([.. Enumerable.Range(0, 64).Select(i => i % 8)]);

        long Peak(bool recompute)
        {
            using var inner = TensorScope.Open();
            TensorMemory.ResetPeak();
            var before = TensorMemory.Live;
            var pass = decoder.Begin(batch, recompute);
            pass.Backward(pass.Hidden.Detach());
            foreach (var weight in decoder.Parameters.Values)
            {
                weight.Grad = null;
            }

            return TensorMemory.Peak - before;
        }

        Peak(recompute: false); // tables that stay
        Assert.True(Peak(recompute: true) < Peak(recompute: false) / 2);
    }

    [Fact]
    public void Both_ways_leave_no_tensor_behind()
    {
        using var decoder = Decoder.Create(TinyModel.Config(), seed: 1);
        decoder.SetTrainable(true);
        foreach (var recompute in new[] { false, true })
        {
            Train(recompute);
            var before = TorchRuntime.LiveTensors;
            Train(recompute);
            Assert.Equal(before, TorchRuntime.LiveTensors);
        }

        void Train(bool recompute)
        {
            using var scope = TensorScope.Open();
            var pass = decoder.Begin(TokenBatch.Of([1, 2, 3], [4, 5]), recompute);
            pass.Backward(pass.Hidden.Detach());
        }
    }

    private static (float[] Hidden, Dictionary<string, float[]> Gradients) Run(DType compute, bool recompute)
    {
        using var decoder = Decoder.Create(TinyModel.Config() with { InitialDeviation = 0.3 }, seed: 1, compute);
        decoder.SetTrainable(true);
        var pass = decoder.Begin(TokenBatch.Of([1, 2, 3, 4, 5], [6, 7, 1]), recompute);
        pass.Backward(pass.Hidden.Detach());
        return (
            pass.Hidden.ToArray<float>(),
            decoder.Parameters.ToDictionary(weight => weight.Key, weight => weight.Value.Grad!.ToArray<float>()));
    }
}
