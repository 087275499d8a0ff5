using System.Globalization;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Checkpoints;

namespace Hone.Models.Adapters.Files;

/// <summary>What an adapter's folder holds, as its files say without their model.</summary>
public sealed record AdapterSummary
{
    /// <summary>The kind, such as <c>LORA</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its sizes in words, such as <c>rank 8, alpha 16</c>; empty where there is nothing to say.</summary>
    public required string Sizes { get; init; }

    /// <summary>The model that it names; null for none.</summary>
    public required string? BaseModel { get; init; }

    /// <summary>The modules that it has tensors for.</summary>
    public required IReadOnlyList<string> Modules { get; init; }

    /// <summary>Its tensors.</summary>
    public required IReadOnlyList<SafetensorsEntry> Tensors { get; init; }

    /// <summary>The text of <c>adapter_config.json</c>.</summary>
    public required string RawConfig { get; init; }

    /// <summary>Numbers in all.</summary>
    public long Parameters => Tensors.Sum(tensor => tensor.Shape.Aggregate(1L, (count, size) => count * size));

    /// <summary>Bytes of all numbers.</summary>
    public long Bytes => Tensors.Sum(tensor => tensor.Length);

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointException">It holds no adapter that can be read.</exception>
    public static AdapterSummary Read(string folder)
    {
        var config = AdapterFolder.ReadConfig(folder);
        var header = SafetensorsHeader.Read(AdapterFolder.WeightsPath(folder));
        return new AdapterSummary
        {
            Kind = config.Kind,
            Sizes = SizesOf(config),
            BaseModel = config.BaseModel,
            Modules = [.. header.Entries.Select(entry => ModuleOf(entry.Name)).OfType<string>().Distinct()],
            Tensors = header.Entries,
            RawConfig = File.ReadAllText(Path.Combine(folder, AdapterFolder.ConfigName)),
        };
    }

    private static string SizesOf(AdapterConfig config) =>
        string.Join(", ", Words(config).Where(words => words.Length > 0));

    private static string[] Words(AdapterConfig config) => config switch
    {
        LoraConfig lora =>
        [
            $"rank {lora.Rank}", Of("alpha", lora.Alpha), lora.UseRsLora ? "rsLoRA" : "", lora.UseDora ? "DoRA" : "",
        ],
        AdaLoraConfig ada =>
            [$"rank {ada.InitialRank}", Of("alpha", ada.Alpha),
                $"{ada.Kept.Sum(one => one.Ranks.Count(stays => stays))} ranks kept"],
        VeraConfig vera => [$"rank {vera.Rank}"],
        LohaConfig loha => [$"rank {loha.Rank}", Of("alpha", loha.Alpha)],
        LokrConfig lokr => [$"rank {lokr.Rank}", Of("alpha", lokr.Alpha)],
        CurLoraConfig cur => [$"rank {cur.Rank}", Of("alpha", cur.Alpha)],
        PrefixConfig prefix => [$"{prefix.VirtualTokens} virtual tokens"],
        PromptConfig prompt => [$"{prompt.VirtualTokens} virtual tokens"],
        PTuningConfig encoded => [$"{encoded.VirtualTokens} virtual tokens"],
        BottleneckConfig bottleneck => [Of("reduction", bottleneck.Reduction)],
        _ => [],
    };

    private static string Of(string name, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} {value}");

    // What stands before the adapter's own part of the name.
    private static string? ModuleOf(string tensor)
    {
        string[] own =
        [
            ".lora_", ".ia3_", ".vera_", ".hada_", ".lokr_", ".oft_", ".boft_", ".ln_tuning_", ".curlora_", ".cur_",
            ".base_layer", ".attention_adapters.", ".output_adapters.", ".token_adapter", ".weight", ".bias",
        ];
        var name = Adapter.ModuleOf(tensor);
        var ends = own.Select(part => name.IndexOf(part, StringComparison.Ordinal)).Where(at => at > 0).ToList();
        return ends.Count == 0 ? null : name[..ends.Min()];
    }
}
