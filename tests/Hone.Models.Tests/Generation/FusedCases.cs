using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Models.Tests.Generation;

/// <summary>What tests of the fused step run it on.</summary>
internal static class FusedCases
{
    /// <summary>Numbers of instruction sets (portable, AVX2, AVX-512, AVX-512 with VNNI, and with bfloat16 products)
    /// with both compute types, and those that differ in products in bfloat16: AMX, and AMX with a model of its
    /// tiles.</summary>
    public static TheoryData<int, DType> Kinds
    {
        get
        {
            var kinds = new TheoryData<int, DType>();
            for (var isa = 0; isa < 5; isa++)
            {
                kinds.Add(isa, DType.Float32);
                kinds.Add(isa, DType.BFloat16);
            }

            kinds.Add(5, DType.BFloat16);
            kinds.Add(6, DType.BFloat16);
            return kinds;
        }
    }

    /// <summary>The same tokens, and log-probs of the same bits.</summary>
    public static void AssertSame(string name, Completion[] expected, Completion[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair =>
        {
            Assert.True(pair.First.Tokens.SequenceEqual(pair.Second.Tokens), $"{name}: tokens differ");
            Assert.True(
                pair.First.LogProbs.Select(BitConverter.SingleToInt32Bits).SequenceEqual(
                    pair.Second.LogProbs.Select(BitConverter.SingleToInt32Bits)),
                $"{name}: bits of log-probs differ");
        });
    }

    /// <summary>|log p − log p| of each new token, as it was generated and as another model scores it.</summary>
    public static double[] Differences(
        Decoder scorer, GenerationRequest[] requests, Completion[] completions, double temperature = 1)
    {
        var scores = new SequenceScorer(scorer).Score(
            [.. completions.Zip(requests, (completion, request) => (int[])[.. request.Prompt, .. completion.Tokens])],
            temperature);
        float[] expected =
            [.. scores.Zip(requests, (all, request) => all[request.Prompt.Length..]).SelectMany(own => own)];
        float[] found = [.. completions.SelectMany(completion => completion.LogProbs)];
        Assert.Equal(expected.Length, found.Length);
        Assert.DoesNotContain(found, float.IsNaN);
        return [.. expected.Zip(found, (a, b) => Math.Abs((double)a - b))];
    }

    /// <summary>Completions that some threads compute.</summary>
    public static Completion[] Generate(
        Decoder model, EngineOptions options, int threads, params GenerationRequest[] requests)
    {
        try
        {
            ComputeThread.Configure(threads);
            return new GenerationEngine(model, options).Generate(requests);
        }
        finally
        {
            ComputeThread.Configure(1);
        }
    }

    /// <summary>Every dialect gives the same bits alone, in any batch, in any chunks, with any pages and for any
    /// threads.</summary>
    public static void AssertNothingBesideMatters(DType compute, EngineOptions options)
    {
        foreach (var (name, config) in Dialects())
        {
            using var model = Decoder.Create(config, seed: 7, compute);
            AssertNothingBesideMatters(name, model, options, Requests());
        }
    }

    /// <summary>A model gives each request the same bits whatever is beside it. Returns its completions.</summary>
    public static Completion[] AssertNothingBesideMatters(
        string name, Decoder model, EngineOptions options, GenerationRequest[] requests)
    {
        var together = Generate(model, options, 2, requests);
        var narrow = options with { PrefillTokens = 7, MaxBatch = 3, PageSize = 64 };
        AssertSame(name, together, Generate(model, narrow, 1, requests));
        AssertSame(name, together, [.. requests.SelectMany(request => Generate(model, options, 1, request))]);
        var slow = options with { PrefillTokens = 1, PageSize = 32 };
        AssertSame(name, together[..2], Generate(model, slow, 3, requests[..2]));
        return together;
    }

    /// <summary>Prompts of 1 to 45 tokens, two of them equal; greedy, plain, filtered and penalised draws.</summary>
    public static GenerationRequest[] Requests()
    {
        SamplingOptions[] options =
        [
            new() { Temperature = 0 },
            new() { Seed = 3 },
            new() { Temperature = 0.7, TopK = 9, TopP = 0.9, Seed = 4 },
            new() { MinP = 0.05, RepetitionPenalty = 1.3, FrequencyPenalty = 0.2, PresencePenalty = 0.1, Seed = 5 },
            new() { TopP = 0.5, Suppressed = [3], Seed = 6 },
        ];
        int[] lengths = [5, 45, 1, 17, 16, 32, 45, 3, 20, 9];
        return
        [
            .. lengths.Select((length, i) => new GenerationRequest(
                [.. Enumerable.Range(0, length).Select(t => (t * 7 % 31) + (length == 45 ? 1 : i % 2))],
                options[i % options.Length] with { MaxNewTokens = 12 + i },
                (uint)i)),
        ];
    }

    /// <summary>A Llama whose logits differ.</summary>
    public static DecoderConfig Llama() => TinyModel.Config() with { InitialDeviation = 0.3, MaxPositions = 128 };

    /// <summary>Models that use all that the fused step covers.</summary>
    public static IEnumerable<(string Name, DecoderConfig Config)> Dialects()
    {
        yield return ("llama", Llama());
        yield return ("qwen2 with odd sizes", Llama() with
        {
            HiddenSize = 35,
            VocabularySize = 71,
            Attention = new AttentionConfig
            {
                HeadCount = 6,
                KeyValueHeadCount = 2,
                HeadSize = 10,
                Scale = 0.3,
                InputBias = true,
            },
            FeedForward = new FeedForwardConfig { InnerSize = 75, Activation = Activation.Silu },
            Rotary = new RotaryConfig(1e6, 10, new RopeScaling.None()),
            TiedHead = false,
        });
        yield return ("qwen3 with one key-value head for sixteen", Llama() with
        {
            HiddenSize = 64,
            Attention = new AttentionConfig
            {
                HeadCount = 16,
                KeyValueHeadCount = 1,
                HeadSize = 16,
                Scale = 0.25,
                QueryKeyNorm = QueryKeyNorm.EachHead,
            },
            Rotary = new RotaryConfig(1e6, 16, new RopeScaling.None()),
        });
        yield return ("gemma with windows, caps, scales and biases everywhere", Llama() with
        {
            Attention = new AttentionConfig
            {
                HeadCount = 4,
                KeyValueHeadCount = 4,
                HeadSize = 16,
                Scale = 0.25,
                SoftCap = 5,
                InputBias = true,
                OutputBias = true,
            },
            FeedForward = new FeedForwardConfig { InnerSize = 33, Activation = Activation.GeluTanh, Bias = true },
            Norm = new NormConfig(NormKind.RmsPlusOne, 1e-6),
            Layers = [new LayerConfig(Window: 9, RotaryUse.Local), default, new LayerConfig(Rotary: RotaryUse.None)],
            Rotary = new RotaryConfig(10000, 8, new RopeScaling.Linear(2)),
            LocalRotary = new RotaryConfig(100, 16, new RopeScaling.None()),
            EmbeddingScale = 4,
            ResidualScale = 0.7,
            LogitDivisor = 2,
            LogitSoftCap = 6,
        });
        yield return ("rotation that grows with the sequence", Llama() with
        {
            MaxPositions = 16,
            Rotary = new RotaryConfig(10000, 4, new RopeScaling.Dynamic(8, 16)),
        });
    }
}
