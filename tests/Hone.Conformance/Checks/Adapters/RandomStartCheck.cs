using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Torch;

namespace Hone.Conformance.Checks.Adapters;

/// <summary>
/// What fresh low-rank adapters draw: mean, deviation and bounds over as many draws as were recorded.
/// </summary>
public sealed class RandomStartCheck : ICheck
{
    private const string Query = "base_model.model.model.layers.0.self_attn.q_proj";
    private const string Embedding = "base_model.model.model.embed_tokens";

    public string Area => "adapters";

    public IReadOnlyList<string> Kinds => ["inits/random_rules"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var model = ModelFolder.Load(golden.Folders.InArea("base/llama_tiny"));
        foreach (var row in golden.Record["rows"].Items)
        {
            var initial = InitialOf(row["init_lora_weights"]);
            var config = new LoraConfig
            {
                Rank = (int)row["r"].Whole,
                Alpha = 2 * row["r"].Number,
                Initial = initial,
                Targets = row.Value("EA") is null
                    ? ModuleTargets.Of("q_proj", "down_proj")
                    : ModuleTargets.Of("q_proj", "down_proj", "embed_tokens"),
            };
            var names = new Dictionary<string, string>
            {
                ["A"] = $"{Query}.lora_A.weight",
                ["B"] = $"{Query}.lora_B.weight",
                ["EA"] = $"{Embedding}.lora_embedding_A",
                ["EB"] = $"{Embedding}.lora_embedding_B",
            };
            foreach (var (key, name) in names.Where(one => row.Value(one.Key) is not null))
            {
                Compare(row[key], [.. Enumerable.Range(0, (int)row["draws"].Whole).SelectMany(draw => Draw(
                    model.Decoder, config, (ulong)draw, name))], findings);
            }

            if (row.Value("B_A_max_abs") is { } product)
            {
                CompareProduct(product, model.Decoder, config, findings);
            }
        }
    }

    private static LoraInitial InitialOf(Field init) => init.Json.ValueKind switch
    {
        System.Text.Json.JsonValueKind.True => LoraInitial.Zero,
        System.Text.Json.JsonValueKind.False => LoraInitial.Random,
        _ => init.Text switch
        {
            "gaussian" => LoraInitial.Gaussian,
            "orthogonal" => LoraInitial.Orthogonal,
            var other => throw new InvalidOperationException($"{init.At}: no start of the name {other} is known"),
        },
    };

    private static float[] Draw(Decoder decoder, LoraConfig config, ulong seed, string name)
    {
        using var scope = TensorScope.Open();
        using var adapter = Adapter.Create(decoder, config, seed);
        return adapter.Parameters[name].ToArray<float>();
    }

    // Another generator drew: means agree within five standard errors of the two together, deviations within 5 %.
    private static void Compare(Field recorded, float[] drawn, Findings findings)
    {
        var mean = drawn.Average(one => (double)one);
        var deviation = Math.Sqrt(drawn.Sum(one => (one - mean) * (one - mean)) / (drawn.Length - 1));
        var wide = recorded["std"].Number;
        findings.Same($"{recorded.At} all_zero", recorded["all_zero"].Flag, drawn.All(one => one == 0));
        findings.Close(
            recorded["mean"], mean, new Tolerance(0, Math.Max(1e-12, 5 * Math.Sqrt(2.0 / drawn.Length) * wide)));
        findings.Close(recorded["std"], deviation, new Tolerance(0.05, 1e-12));

        // A uniform draw nearly reaches its bound and never passes it; a normal one has none.
        var isUniform = recorded["max_abs"].Number < 2 * wide;
        if (isUniform)
        {
            findings.Close(recorded["max_abs"], drawn.Max(one => Math.Abs((double)one)), new Tolerance(0.01, 1e-12));
        }
    }

    private static void CompareProduct(Field largest, Decoder decoder, LoraConfig config, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var adapter = Adapter.Create(decoder, config, seed: 1);
        var product = adapter.Parameters[$"{Query}.lora_B.weight"].Matmul(adapter.Parameters[$"{Query}.lora_A.weight"]);
        findings.Close(largest, product.Abs().Max().Item(), new Tolerance(0, 1e-6));
    }
}
