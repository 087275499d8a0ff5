using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Quantisation;
using Hone.Torch;

namespace Hone.Models.Tests.Quantisation;

public sealed class IntegerWeightsTests
{
    [Fact]
    public void Integers_of_three_bits_run_over_words()
    {
        int[] values = [.. Enumerable.Range(0, 32).Select(i => i % 8)];

        var words = PackedIntegers.PackColumns(values, 1, 3);

        // Bits 30 to 32 are the eleventh integer, 10 mod 8 = 2 = 0b010: its lower two end the first word, its third
        // begins the second.
        Assert.Equal(3, words.Length);
        Assert.Equal(0b10, (int)((uint)words[0] >> 30));
        Assert.Equal(0, words[1] & 1);
        Assert.Equal(values, PackedIntegers.UnpackColumns(words, 1, 3));
    }

    [Theory]
    [InlineData("gptq", 1)]
    [InlineData("gptq_v2", 2)]
    public void A_weight_of_gptq_is_scale_times_code_less_zero(string format, int version)
    {
        // 8 inputs in two groups, 8 outputs; the code of input i and output o is (i + o) mod 16, the zero of group g
        // and output o is 1 + g + o.
        using var scope = TensorScope.Open();
        int[] codes = [.. Enumerable.Range(0, 64).Select(i => ((i / 8) + (i % 8)) % 16)];
        int[] zeros = [.. Enumerable.Range(0, 16).Select(i => 1 + (i / 8) + (i % 8))];
        float[] scales = [.. Enumerable.Range(0, 16).Select(i => i < 8 ? 0.5f : 0.25f)];
        var layer = new GptqLayer(4, 8, 8, codes, zeros, scales, [0, 0, 0, 0, 1, 1, 1, 1]);
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.At("model.safetensors"), new Dictionary<string, Tensor>
        {
            ["m.qweight"] = Tensor.From<int>(layer.PackedWeight(), 1, 8),
            ["m.qzeros"] = Tensor.From<int>(layer.PackedZeros(version), 2, 1),
            ["m.scales"] = Tensor.From<float>(scales, 2, 8).To(DType.Float16),
            ["m.g_idx"] = Tensor.From<int>(layer.Groups, 8),
            ["norm.weight"] = Tensor.Of(1f),
        });

        using var weights = new IntegerWeights(
            Checkpoint.Open(folder.Path), ConfigFields.Parse(
                $$"""{"quant_method": "gptq", "bits": 4, "checkpoint_format": "{{format}}"}""", "config.json"));

        Assert.Equal(["m.weight", "norm.weight"], weights.Names);
        Assert.Equal([8L, 8], weights.ShapeOf("m.weight")!);
        var weight = weights.Load("m.weight");
        // output 3, input 2: code 5, zero 1 + 0 + 3
        Assert.Equal(0.5 * (5 - 4), weight.Select(0, 3).Select(0, 2).Item());
        // output 3, input 6: code 9, zero 1 + 1 + 3
        Assert.Equal(0.25 * (9 - 5), weight.Select(0, 3).Select(0, 6).Item());
    }

    [Fact]
    public void A_weight_of_awq_has_its_outputs_in_an_order_of_its_own()
    {
        // One input, eight outputs: nibbles 0 … 7 of the word are outputs 0, 2, 4, 6, 1, 3, 5, 7, and zeros likewise.
        using var scope = TensorScope.Open();
        int[] order = [0, 2, 4, 6, 1, 3, 5, 7];
        var word = order.Select((output, nibble) => (8 + output) << (4 * nibble)).Aggregate((a, b) => a | b);
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.At("model.safetensors"), new Dictionary<string, Tensor>
        {
            ["m.qweight"] = Tensor.From<int>([word], 1, 1),
            ["m.qzeros"] = Tensor.From<int>([0x77777777], 1, 1),
            ["m.scales"] = Tensor.Full(2, DType.Float16, 1, 8),
        });

        using var weights = new IntegerWeights(
            Checkpoint.Open(folder.Path),
            ConfigFields.Parse("""{"quant_method": "awq", "bits": 4, "version": "gemm"}""", "config.json"));

        Assert.Equal([2f, 4, 6, 8, 10, 12, 14, 16], weights.Load("m.weight").ToArray<float>()); // 2·(8 + o − 7)
    }

    [Fact]
    public void Outputs_that_do_not_fill_words_are_refused()
    {
        using var scope = TensorScope.Open();
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.At("model.safetensors"), new Dictionary<string, Tensor>
        {
            ["m.qweight"] = Tensor.Zeros(DType.Int32, 1, 10),
            ["m.qzeros"] = Tensor.Zeros(DType.Int32, 1, 1),
            ["m.scales"] = Tensor.Zeros(DType.Float16, 1, 10),
        });
        using var weights = new IntegerWeights(
            Checkpoint.Open(folder.Path), ConfigFields.Parse("""{"quant_method": "gptq", "bits": 4}""", "config.json"));

        Assert.Equal(
            $"{folder.Path}: \"m\" must have outputs whose zeros fill words, it has 10 of 4 bits; the checkpoint is "
                + "damaged",
            Assert.Throws<CheckpointException>(() => weights.Load("m.weight")).Message);
    }

    [Fact]
    public void A_group_that_is_not_there_is_refused()
    {
        using var scope = TensorScope.Open();
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.At("model.safetensors"), new Dictionary<string, Tensor>
        {
            ["m.qweight"] = Tensor.Zeros(DType.Int32, 1, 8),
            ["m.qzeros"] = Tensor.Zeros(DType.Int32, 1, 1),
            ["m.scales"] = Tensor.Zeros(DType.Float16, 1, 8),
            ["m.g_idx"] = Tensor.From<int>([0, 0, 0, 0, 0, 0, 0, 1], 8),
        });
        using var weights = new IntegerWeights(
            Checkpoint.Open(folder.Path), ConfigFields.Parse("""{"quant_method": "gptq", "bits": 4}""", "config.json"));

        Assert.Equal(
            $"{folder.Path}: \"m.g_idx\" must name one of 1 groups for each of 8 inputs, it does not; the checkpoint "
                + "is damaged",
            Assert.Throws<CheckpointException>(() => weights.Load("m.weight")).Message);
    }
}
