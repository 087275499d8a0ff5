using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Torch;
using Hone.Torch.Random;

namespace Hone.Models.Tests.Adapters;

/// <summary>Adapters of every kind for the tiny model.</summary>
internal static class TinyAdapters
{
    private static readonly ModuleTargets Attention = ModuleTargets.Of("q_proj", "v_proj");

    public static IReadOnlyDictionary<string, AdapterConfig> All { get; } = new Dictionary<string, AdapterConfig>
    {
        ["lora"] = new LoraConfig { Rank = 2, Alpha = 4, Targets = ModuleTargets.AllLinear },
        ["rslora"] = new LoraConfig { Rank = 3, Alpha = 4, UseRsLora = true, Targets = Attention },
        ["dora"] = new LoraConfig { Rank = 2, Alpha = 4, UseDora = true, Targets = Attention },
        ["lora on the embedding"] =
            new LoraConfig { Rank = 2, Alpha = 4, Targets = ModuleTargets.Of("embed_tokens", "o_proj") },
        ["lora on the head"] = new LoraConfig { Rank = 2, Alpha = 4, Targets = ModuleTargets.Of("lm_head", "o_proj") },
        ["lora with tokens"] = new LoraConfig { Rank = 2, Alpha = 4, Targets = Attention, TrainableTokens = [3, 5] },
        ["lora with a norm"] =
            new LoraConfig { Rank = 2, Alpha = 4, Targets = Attention, ModulesToSave = ["model.norm", "lm_head"] },
        ["pissa"] = new LoraConfig { Rank = 2, Alpha = 4, Initial = LoraInitial.Pissa, Targets = Attention },
        ["adalora"] = new AdaLoraConfig { InitialRank = 3, TotalSteps = 10, Targets = Attention },
        ["ia3"] = new Ia3Config
        {
            Targets = ModuleTargets.Of("k_proj", "down_proj"),
            FeedForward = ModuleTargets.Of("down_proj"),
        },
        ["vera"] = new VeraConfig { Rank = 4, Targets = Attention },
        ["loha"] = new LohaConfig { Rank = 2, Alpha = 4, Targets = Attention },
        ["lokr"] = new LokrConfig { Rank = 2, Alpha = 4, DecomposeBoth = true, Targets = Attention },
        ["oft"] = new OftConfig { BlockSize = 4, Targets = Attention },
        ["boft"] = new BoftConfig { BlockSize = 4, Targets = Attention },
        ["norms"] = new NormTuningConfig { Targets = ModuleTargets.Of("input_layernorm") },
        ["curlora"] = new CurLoraConfig { Rank = 4, Targets = Attention },
        ["prefix"] = new PrefixConfig { VirtualTokens = 3 },
        ["projected prefix"] = new PrefixConfig { VirtualTokens = 3, Projection = true, EncoderHidden = 5 },
        ["prompt"] = new PromptConfig { VirtualTokens = 3 },
        ["p-tuning"] = new PTuningConfig { VirtualTokens = 2, EncoderHidden = 6 },
        ["recurrent p-tuning"] =
            new PTuningConfig { VirtualTokens = 2, EncoderHidden = 6, Encoder = PTuningEncoder.Lstm },
        ["houlsby"] =
            new BottleneckConfig { AfterAttention = true, TakesSum = false, Reduction = 4, Activation = "swish" },
        ["pfeiffer"] = new BottleneckConfig
        {
            Reduction = 4,
            LeftOut = [0],
            NormBefore = true,
            ScaleKind = BottleneckScale.Channel,
        },
        ["parallel"] =
            new BottleneckConfig { IsParallel = true, TakesSum = false, Reduction = 4, Scale = 2, NormAfter = true },
    };

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>Those that change weights and nothing else.</summary>
    public static TheoryData<string> OfWeights =>
    [
        .. from kind in All
           where kind.Value is not (PrefixConfig or PromptConfig or PTuningConfig or BottleneckConfig)
           select kind.Key,
    ];

    /// <summary>Those that leave the model as it is until they are trained.</summary>
    public static TheoryData<string> BeginningAsBase =>
    [
        "lora", "rslora", "dora", "lora on the embedding", "lora on the head", "lora with tokens", "lora with a norm",
        "pissa", "adalora", "ia3", "vera", "loha", "lokr", "oft", "boft", "norms", "curlora",
    ];

    public static Decoder Model(DType compute = DType.Float32, bool tied = true) =>
        Decoder.Create(TinyModel.Config() with { InitialDeviation = 0.3, TiedHead = tied }, seed: 1, compute);

    /// <summary>An adapter that changes the model, under its name on the decoder.</summary>
    public static Adapter Add(Decoder decoder, string name, ulong seed = 5)
    {
        var adapter = Adapter.Create(decoder, All[name], seed);
        Move(adapter, seed);
        decoder.WeightsChanged();
        decoder.Adapters.Add(name, adapter);
        return adapter;
    }

    /// <summary>Moves everything that is trained by normal draws.</summary>
    public static void Move(Adapter adapter, ulong seed, double deviation = 0.2)
    {
        using var noGrad = Autograd.NoGrad();
        foreach (var (place, parameter) in adapter.Parameters.Values.Index())
        {
            using var scope = TensorScope.Open();
            var moves = new float[parameter.Count];
            new CounterRandom(seed, RandomPurpose.Synthesis).Normal(moves, (uint)place, deviation);
            parameter.AddInPlace(Tensor.From<float>(moves, parameter.Shape));
        }
    }

    /// <summary>Logits of sequences one after the other, without gradient.</summary>
    public static float[] Logits(Decoder decoder, params int[][] sequences)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        return decoder.Head.Logits(decoder.Hidden(TokenBatch.Of(sequences))).ToArray<float>();
    }
}
