using System.Text.Json;
using System.Text.RegularExpressions;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Combining;
using Hone.Models.Adapters.Files;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Adapters;

/// <summary>Several low-rank adapters on one model: one at a time, together, one for each row, and made into
/// one.</summary>
/// <remarks>Left out: the library's merge against itself, and <c>svd_clamp</c>, which cuts at a quantile of signed
/// numbers whose signs the decomposition chooses (of the record q_proj comes out the same here, v_proj does
/// not).</remarks>
public sealed partial class SeveralAdaptersCheck : ICheck
{
    public string Area => "adapters";

    public IReadOnlyList<string> Kinds => ["multi"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var model = AdaptedModel.Load(golden);
        using var expected = SafetensorsFile.Open(golden.Beside("expected.safetensors"));
        var rack = model.Decoder.Adapters;
        foreach (var name in golden.Record["adapters"].Entries.Select(entry => entry.Name))
        {
            rack.Add(name, Adapter.Load(model.Decoder, golden.Beside(name)));
        }

        var work = Directory.CreateTempSubdirectory("hone-several-").FullName;
        try
        {
            foreach (var result in golden.Record["results"].Items)
            {
                Compare(golden, findings, model, expected, result, work);
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static void Compare(
        GoldenCase golden, Findings findings, AdaptedModel model, SafetensorsFile expected, Field result, string work)
    {
        var (key, how) = (result["key"].Text, result["how"].Text);
        var logits = new Tolerance(0, golden.Record["tolerance"]["logits_abs"].Number);
        var rack = model.Decoder.Adapters;
        if (result.Find("max_abs_difference") is not null || how.Contains("svd_clamp", StringComparison.Ordinal))
        {
            return;
        }

        if (how.StartsWith("forward(adapter_names", StringComparison.Ordinal))
        {
            foreach (var (row, name) in new[] { "b", AdapterRack.Base }.Index())
            {
                rack.Activate(name);
                model.CompareLogits(findings, key, expected.Load(key), logits, row);
            }

            return;
        }

        if (!how.StartsWith("add_weighted_adapter", StringComparison.Ordinal))
        {
            rack.Activate([.. Named().Matches(how).Select(name => (name.Groups[1].Value, 1.0))]);
            model.CompareLogits(findings, key, expected.Load(key), logits);
            return;
        }

        var folder = Path.Combine(work, key);
        if (result.Find("error") is not null)
        {
            findings.Same($"{key} is refused", true, Refusal(() => Combine(golden, how, folder)) is not null);
            return;
        }

        Combine(golden, how, folder);
        var config = (LoraConfig)AdapterFolder.ReadConfig(folder);
        findings.Same($"{key}.rank", result["rank"].Whole, config.Rank);
        findings.Same($"{key}.lora_alpha", result["lora_alpha"].Number, config.Alpha);
        using var file = SafetensorsFile.Open(AdapterFolder.WeightsPath(folder));
        CompareProducts(golden, findings, expected, file, result);
        rack.Add(key, Adapter.Load(model.Decoder, folder));
        rack.Activate(key);
        model.CompareLogits(findings, key, expected.Load(key), logits);
        if (Directory.Exists(golden.Beside(key)) && golden.Beside(key) is var stored)
        {
            using var factors = SafetensorsFile.Open(AdapterFolder.WeightsPath(stored));
            foreach (var name in factors.Header.Entries.Select(entry => entry.Name))
            {
                findings.Close(
                    $"{key} {name}",
                    factors.Load(name).ToArray<double>(),
                    file.Load(name).ToArray<double>(),
                    new Tolerance(0, 1e-6));
            }
        }
    }

    // A and B by themselves are free up to signs and bases; what they add is not.
    private static void CompareProducts(
        GoldenCase golden, Findings findings, SafetensorsFile expected, SafetensorsFile file, Field result)
    {
        var nearly = new Tolerance(golden.Record["tolerance"]["delta_rel"].Number, 0, OfLargest: true);
        var prefix = $"delta.{result["key"].Text}.";
        foreach (var name in expected.Header.Entries.Select(entry => entry.Name)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var module = $"base_model.model.{name[prefix.Length..]}";
            findings.Close(name, expected.Load(name).ToArray<double>(), Product(module).ToArray<double>(), nearly);
        }

        foreach (var (module, norm) in result["delta_l2"].Entries)
        {
            findings.Close(norm, Product(module).Pow(2).Sum().Sqrt().Item(), new Tolerance(1e-5));
        }

        Tensor Product(string module) =>
            file.Load($"{module}.lora_B.weight").Matmul(file.Load($"{module}.lora_A.weight"));
    }

    private static void Combine(GoldenCase golden, string how, string folder)
    {
        var text = how["add_weighted_adapter(".Length..^1].Replace('\'', '"');
        var options = new Field(JsonDocument.Parse(text).RootElement, "how");
        var names = options["adapters"].Items.Select(name => golden.Beside(name.Text));
        var adapters = names.Zip(options["weights"].Numbers, (name, weight) => new NamedAdapter(name, weight));
        AdapterMixer.Write([.. adapters], folder, new MixtureOptions
        {
            Kind = Enum.Parse<MixtureKind>(options["combination_type"].Text.Replace("_", ""), ignoreCase: true),
            Rank = options.Value("svd_rank") is { } rank ? (int)rank.Whole : null,
            Density = options.NumberOr("density", 1),
            VotesByMagnitude = options.TextOr("majority_sign_method", "total") == "total",
        });
    }

    private static CheckpointException? Refusal(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (CheckpointException fault)
        {
            return fault;
        }
    }

    [GeneratedRegex("'([abc])'")]
    private static partial Regex Named();
}
