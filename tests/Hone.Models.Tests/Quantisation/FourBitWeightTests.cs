using Hone.Models.Checkpoints;
using Hone.Models.Families;
using Hone.Models.Generation;
using Hone.Models.Quantisation;
using Hone.Torch;

namespace Hone.Models.Tests.Quantisation;

public sealed class FourBitWeightTests
{
    [Fact]
    public void A_model_in_4_bits_generates_by_composed_operators()
    {
        using var coded = ModelFolder.Load(
            CheckpointCase.Open("llama_gqa_head_dim_tied").Folder, [],
            fourBits: new FourBitOptions(CodeTable.Nf4, Doubled: true));

        var completions = coded.CreateEngine(new EngineOptions())
            .Run([new GenerationRequest([1, 2, 3], new SamplingOptions { Temperature = 0, MaxNewTokens = 4 })], null,
                TestContext.Current.CancellationToken);

        Assert.InRange(completions[0].Tokens.Length, 1, 4);
        Assert.Equal(
            "composed of operators, since its weights are kept in 4 bits; bits may depend on the batch",
            coded.CreateEngine(new EngineOptions()).Path.Reason);
    }

    [Fact]
    public void Scales_become_codes_around_their_mean()
    {
        // Blocks of two with the largest 1, 3, 5, 7: mean 4, so −3, −1, 1, 3 over 3. The table has 1 and no −1: −3
        // becomes −0.992969·3, and ±1/3 the nearest of the top decade's 0.1 + 0.9·(k + ½)/64: k = 16 gives 0.33203, so
        // 4 ∓ 0.99609.
        using var scope = TensorScope.Open();

        using var weight = FourBitWeight.Quantise(Tensor.Of(1f, 0, 3, 0, 5, 0, 7, 0), CodeTable.Nf4, 2, doubled: true);

        Assert.Equal(4, weight.Offset);
        Assert.Equal([3f], weight.NestedScales!.ToArray<float>());
        Assert.Equal(
            [1.0210938, 3.0039062, 4.9960938, 7], weight.Scales().ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([1.0210938, 0, 3.0039062, 0, 4.9960938, 0, 7, 0], weight.Dequantise().ToArray<double>(),
            (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Four_bits_take_a_little_over_four_bits()
    {
        using var scope = TensorScope.Open();
        var matrix = Tensor.Ones(DType.Float32, 64, 1024);

        using var single = FourBitWeight.Quantise(matrix, CodeTable.Nf4, 64, doubled: false);
        using var doubled = FourBitWeight.Quantise(matrix, CodeTable.Nf4, 64, doubled: true);

        Assert.Equal(32768 + (1024 * 4), single.Bytes);           // 4.5 bits a weight
        Assert.Equal(32768 + 1024 + (4 * 4) + 4, doubled.Bytes);  // 4.127
    }

    [Fact]
    public void A_decoder_in_four_bits_predicts_as_one_of_the_weights_they_stand_for()
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var reference = CheckpointCase.Open("llama_gqa_head_dim_tied");
        using var coded =
            ModelFolder.Load(reference.Folder, [], fourBits: new FourBitOptions(CodeTable.Nf4, Doubled: true));
        using var folder = new TemporaryFolder();
        coded.Save(folder.Path);
        using var plain = ModelFolder.Load(folder.Path);

        var tokens = TokenBatch.Of(reference.Ids);

        Assert.Empty(plain.Decoder.CodedWeights);
        Assert.Equal(21, coded.Decoder.CodedWeights.Count); // seven in each of three layers
        Assert.DoesNotContain(coded.Decoder.Parameters.Keys, coded.Decoder.CodedWeights.ContainsKey);
        Assert.True(CheckpointCase.RelativeDifference(
            coded.Decoder.Head.Logits(coded.Decoder.Hidden(tokens)).ToArray<float>(),
            plain.Decoder.Head.Logits(plain.Decoder.Hidden(tokens)).ToArray<float>()) <= 1e-5);
    }

    [Fact]
    public void Weights_in_four_bits_are_not_trained_and_leave_nothing_behind()
    {
        var folder = CheckpointCase.Open("llama_plain").Folder;
        using (ModelFolder.Load(folder, [], fourBits: new FourBitOptions(CodeTable.Nf4, Doubled: true)))
        {
        }

        var before = TorchRuntime.LiveTensors;
        using (var model = ModelFolder.Load(folder, [], fourBits: new FourBitOptions(CodeTable.Fp4, Doubled: false)))
        {
            using var scope = TensorScope.Open();
            model.Decoder.SetTrainable(true);
            model.Decoder.Hidden(TokenBatch.Of([1, 2, 3])).Sum().Backward();
            Assert.NotNull(model.Decoder.Parameters["model.norm.weight"].Grad);
        }

        Assert.Equal(before, TorchRuntime.LiveTensors);
    }

    [Fact]
    public void A_family_whose_weights_lie_the_other_way_round_is_refused()
    {
        var fault = Assert.Throws<CheckpointException>(() => ModelFolder.Load(
            CheckpointCase.Open("gpt2").Folder, [], fourBits: new FourBitOptions(CodeTable.Nf4, Doubled: true)));

        Assert.Equal(
            "transformer.h.0.attn.c_attn: a weight must have a row for each output to be kept in 4 bits, this family "
                + "has one for each input; load it without",
            fault.Message);
    }

    [Fact]
    public void Codes_of_one_kind_are_not_coded_again_in_another()
    {
        var folder = CheckpointCase.Open("llama_plain").Folder;
        using var source = new SinglyCoded(Checkpoint.Open(folder));
        var config = ModelFamilies.Read(ModelFolder.ReadFields(folder));
        var first = $"{source.Where}: model.layers.0.self_attn.q_proj.weight";

        using var same = Decoder.Load(config, source, fourBits: new FourBitOptions(CodeTable.Fp4, Doubled: false));
        var other = Assert.Throws<CheckpointException>(
            () => Decoder.Load(config, source, fourBits: new FourBitOptions(CodeTable.Nf4, Doubled: true)));

        Assert.All(same.CodedWeights.Values, weight => Assert.Equal(CodeTable.Fp4, weight.Table));
        Assert.Equal(
            $"{first}: must be kept as it is stored, in fp4 without double quantisation, is asked for in nf4 with "
            + "double quantisation; ask for the former, or for no quantisation",
            other.Message);
    }

    [Fact]
    public void Codes_that_are_cut_off_are_refused()
    {
        using var scope = TensorScope.Open();
        using var folder = new TemporaryFolder();
        var state = System.Text.Encoding.UTF8.GetBytes(
            """{"quant_type": "nf4", "blocksize": 64, "dtype": "float32", "shape": [8, 16]}""");
        SafetensorsWriter.Write(folder.At("model.safetensors"), new Dictionary<string, Tensor>
        {
            ["a.weight"] = Tensor.Zeros(DType.UInt8, 63, 1),
            ["a.weight.absmax"] = Tensor.Zeros(DType.Float32, 2),
            ["a.weight.quant_state.bitsandbytes__nf4"] = Tensor.From<byte>(state, state.Length),
        });
        using var weights = new BitsAndBytesWeights(Checkpoint.Open(folder.Path));

        Assert.Equal(["a.weight"], weights.Names);
        Assert.Equal(
            $"{folder.Path}: must hold \"a.weight\" with 64 numbers in UInt8, it does not; the checkpoint is damaged",
            Assert.Throws<CheckpointException>(() => weights.Load("a.weight")).Message);
    }

    /// <summary>A checkpoint as if its matrices were stored in fp4.</summary>
    private sealed class SinglyCoded(Checkpoint checkpoint) : ICodedSource
    {
        public string Where => checkpoint.Where;

        public IEnumerable<string> Names => checkpoint.Names;

        public IEnumerable<string> Warnings => checkpoint.Warnings;

        public long[]? ShapeOf(string name) => checkpoint.ShapeOf(name);

        public DType? TypeOf(string name) => checkpoint.TypeOf(name);

        public Tensor Load(string name) => checkpoint.Load(name);

        public FourBitWeight? LoadCoded(string name) =>
            FourBitWeight.Quantise(checkpoint.Load(name), CodeTable.Fp4, blockSize: 64, doubled: false);

        public void Dispose() => checkpoint.Dispose();
    }
}
