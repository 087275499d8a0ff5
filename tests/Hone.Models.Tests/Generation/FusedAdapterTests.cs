using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Models.Tests.Adapters;
using Hone.Torch;
using static Hone.Models.Tests.Generation.FusedCases;

namespace Hone.Models.Tests.Generation;

public sealed class FusedAdapterTests
{
    private static readonly EngineOptions Fused = new() { Path = GenerationPathChoice.Fused };

    private static readonly ModuleTargets Head = ModuleTargets.Of("lm_head", "o_proj");

    /// <summary>Of every kind that the fused step knows; odd ranks, and more of them than a panel has rows.</summary>
    private static readonly Dictionary<string, AdapterConfig> Known = new()
    {
        ["lora"] = new LoraConfig { Rank = 3, Alpha = 4, Targets = ModuleTargets.AllLinear, Bias = BiasTraining.All },
        ["wide lora"] = new LoraConfig { Rank = 37, Alpha = 4, Targets = ModuleTargets.AllLinear, UseRsLora = true },
        ["lora by patterns"] = new LoraConfig
        {
            Rank = 2,
            Alpha = 4,
            Targets = ModuleTargets.Of("k_proj", "gate_proj", "up_proj"),
            RankPattern = [new NamePattern<int>("k_proj", 5)],
            AlphaPattern = [new NamePattern<double>("up_proj", 1)],
            LoraBias = true,
        },
        ["dora"] = new LoraConfig { Rank = 2, Alpha = 4, UseDora = true, Targets = ModuleTargets.AllLinear },
        ["lora on the head"] = new LoraConfig { Rank = 2, Alpha = 4, Targets = Head },
        ["pissa"] = new LoraConfig { Rank = 2, Alpha = 4, Initial = LoraInitial.Pissa, Targets = Head },
        ["adalora"] = new AdaLoraConfig { InitialRank = 3, TotalSteps = 10, Targets = ModuleTargets.AllLinear },
        ["vera"] = new VeraConfig { Rank = 4, Targets = ModuleTargets.AllLinear },
        ["curlora"] = new CurLoraConfig { Rank = 4, Targets = ModuleTargets.Of("q_proj", "down_proj") },
        ["ia3"] = new Ia3Config
        {
            Targets = ModuleTargets.Of("k_proj", "v_proj", "down_proj"),
            FeedForward = ModuleTargets.Of("down_proj"),
        },
    };

    [Theory]
    [MemberData(nameof(FusedCases.Kinds), MemberType = typeof(FusedCases))]
    public void Log_probs_are_those_of_the_composition_for_every_kind_it_covers(int isa, DType compute) =>
        InstructionSet.On(isa, () =>
    {
        var dialects = Dialects().Where(dialect => dialect.Config.Rotary?.Scaling is not RopeScaling.Dynamic);
        foreach (var (name, config) in compute == DType.Float32 ? dialects : dialects.Take(1))
        {
            using var model = Decoder.Create(config, seed: 7, compute);
            Add(model);
            var kinds = model.Adapters.Names.ToArray();
            GenerationRequest[] requests =
                [.. kinds.SelectMany(kind => Requests()[..4].Select(request => request with { Adapter = kind }))];

            var completions = new GenerationEngine(model, Fused with { PrefillTokens = 24 }).Generate(requests);

            foreach (var kind in kinds)
            {
                model.Adapters.Activate(kind);
                Assert.Equal([], GenerationPath.AdapterObstacles(model)!);
                var own = requests.Zip(completions).Where(one => one.First.Adapter == kind).ToArray();
                var differences =
                    Differences(model, [.. own.Select(one => one.First)], [.. own.Select(one => one.Second)]);
                var (found, limit) = compute == DType.Float32
                    ? (differences.Max(), 2e-5) : (differences.Average(), 0.02);
                Assert.True(found <= limit, $"{name}, {kind}: log-probs differ by {found}");
            }
        }
    });

    [Theory]
    [MemberData(nameof(FusedCases.Kinds), MemberType = typeof(FusedCases))]
    public void Each_request_has_the_same_bits_whatever_adapters_are_beside_it_in_any_chunks_and_for_any_threads(
        int isa, DType compute) => InstructionSet.On(isa, () =>
    {
        foreach (var (name, config) in Dialects())
        {
            using var model = Decoder.Create(config, seed: 7, compute);
            Add(model);
            string?[] kinds = ["lora", null, "lora", "dora", AdapterRack.Base, "ia3", "together", "lora on the head"];
            GenerationRequest[] requests = [.. Requests().Concat(Requests()).Select(
                (request, i) => request with { Adapter = kinds[i % kinds.Length], SampleIndex = (uint)i })];

            var together = AssertNothingBesideMatters(name, model, Fused, requests);
            AssertSame(
                name, together, Generate(model, Fused with { Speculation = new Speculation.Lookup() }, 3, requests));
            AssertSame(
                name,
                [.. together.Reverse()],
                Generate(model, Fused with { PrefillTokens = 9 }, 3, [.. requests.Reverse()]));
        }
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Log_probs_of_a_real_model_with_an_adapter_are_those_of_training(bool useRsLora)
    {
        using var model = ModelFolder.Load(Fixtures.Real("models", "stories260k"), compute: DType.BFloat16);
        var adapter = Adapter.Create(
            model.Decoder, new LoraConfig { Alpha = 16, Targets = ModuleTargets.AllLinear, UseRsLora = useRsLora }, 5);
        TinyAdapters.Move(adapter, seed: 1, deviation: 0.02);
        model.Decoder.WeightsChanged();
        model.Decoder.Adapters.Add("lora", adapter);
        model.Decoder.Adapters.Activate("lora");
        int[] prompt = [1, 403, 407, 261];
        GenerationRequest[] requests =
        [
            .. Enumerable.Range(0, 16).Select(i => new GenerationRequest(
                prompt,
                new SamplingOptions { MaxNewTokens = 100, StopTokens = model.Generation.StopTokens }, 0, (uint)i)),
        ];

        var completions = new GenerationEngine(model.Decoder, Fused).Generate(requests);

        var mismatch = Differences(model.Decoder, requests, completions).Average();
        Assert.True(mismatch <= 0.005, $"log-probs differ by {mismatch} in the mean");
    }

    [Fact]
    public void An_adapter_that_is_trained_is_read_as_it_is_when_requests_come()
    {
        using var model = Decoder.Create(Llama(), seed: 7);
        Add(model);
        model.Adapters.Activate("lora");
        var engine = new GenerationEngine(model, new EngineOptions());
        using var session = engine.Open();
        Completion[] Run()
        {
            var first = session.Submit(Requests());
            while (!session.IsIdle)
            {
                session.Step();
            }

            return [.. session.Completions.Skip(first).Select(completion => completion!)];
        }

        var before = Run();
        TinyAdapters.Move(model.Adapters.Active.Adapters[0].Adapter, seed: 9);
        model.WeightsChanged();

        var after = Run();

        AssertSame("another run", engine.Generate(Requests()), after);
        using var other = Decoder.Create(Llama(), seed: 7);
        Add(other);
        TinyAdapters.Move(other.Adapters.Find("lora").Adapters[0].Adapter, seed: 9);
        other.Adapters.Activate("lora");
        AssertSame("moved", new GenerationEngine(other, new EngineOptions()).Generate(Requests()), after);
        Assert.DoesNotContain(before.Zip(after), pair => pair.First.LogProbs.SequenceEqual(pair.Second.LogProbs));
    }

    [Fact]
    public void Its_factors_live_as_long_as_a_run_and_the_packed_weights_until_something_learns()
    {
        using var model = Decoder.Create(Llama(), seed: 7);
        Add(model);
        model.Adapters.Activate("lora");
        var engine = new GenerationEngine(model, new EngineOptions());
        var before = TorchRuntime.LiveTensors;
        engine.Generate(Requests());
        var kept = TorchRuntime.LiveTensors;
        model.Adapters.Active.Adapters[0].Adapter.SetTrainable(true);

        engine.Generate(Requests());

        // The packed weights and the two tables of the rotation stay with the model; while its adapter is trained the
        // first do not.
        Assert.Equal((before + 3, before + 2), (kept, TorchRuntime.LiveTensors));
    }

    [Theory]
    [InlineData("loha", "adapter changes matrices by more than factors of low rank and vectors")]
    [InlineData("lora with a norm", "adapter changes embeddings or norms and its adapter changes matrices by more than "
        + "factors of low rank and vectors")]
    [InlineData("lora on the embedding", "adapter changes embeddings or norms")]
    [InlineData("prompt", "adapter puts tokens before each sequence")]
    [InlineData("houlsby", "adapter stands behind halves of layers")]
    public void An_adapter_that_it_does_not_know_is_composed_and_the_path_says_why(string kind, string reason)
    {
        using var model = TinyAdapters.Model();
        TinyAdapters.Add(model, kind);
        model.Adapters.Activate(kind);

        Assert.Equal(
            new GenerationPath(false, $"composed of operators, since its {reason}; bits may depend on the batch"),
            GenerationPath.Of(model.Config, DType.Float32, GenerationPath.AdapterObstacles(model)));
    }

    [Fact]
    public void A_vector_on_inputs_is_known_behind_the_gate_and_as_the_last_part_alone()
    {
        using var model = TinyAdapters.Model();
        Add(model);
        model.Adapters.Add("ia3 on q", Adapter.Create(model, new Ia3Config
        {
            Targets = ModuleTargets.Of("q_proj", "down_proj"),
            FeedForward = ModuleTargets.Of("q_proj", "down_proj"),
        }, seed: 1));
        string[] reason = ["adapter multiplies what goes into other matrices than down"];

        Assert.Equal(reason, Obstacles(("ia3 on q", 1)));
        Assert.Equal(reason, Obstacles(("ia3", 1), ("lora", 1)));
        Assert.Equal([], Obstacles(("lora", 1), ("ia3", 1)));
        model.Adapters.Activate();
        Assert.Null(GenerationPath.AdapterObstacles(model));

        IReadOnlyList<string> Obstacles(params (string, double)[] adapters)
        {
            model.Adapters.Activate(adapters);
            return GenerationPath.AdapterObstacles(model)!;
        }
    }

    [Fact]
    public void A_model_with_an_adapter_that_it_knows_says_so()
    {
        var path = GenerationPath.Of(Llama(), DType.Float32, []);

        Assert.Equal(
            (true, "fused step with the adapter in it; bits do not depend on the batch, its size, chunks or threads"),
            (path.IsFused, path.Reason));
    }

    /// <summary>Adds an adapter of every kind that the fused step knows, and a combination.</summary>
    internal static void Add(Decoder model)
    {
        foreach (var (place, (kind, config)) in Known.Index())
        {
            var adapter = Adapter.Create(model, config, seed: 5);
            TinyAdapters.Move(adapter, (ulong)place + 1, deviation: 0.05);
            model.Adapters.Add(kind, adapter);
        }

        model.WeightsChanged();
        model.Adapters.Combine("together", ("lora", 0.7), ("dora", 0.4), ("lora", -0.2), ("ia3", 0.5));
    }
}
