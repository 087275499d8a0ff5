using Hone.Models.Adapters.Files;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Models.Adapters.Combining;

/// <summary>The factors of a low-rank adapter by module, read from its files; no model is needed.</summary>
internal sealed class LowRankSource
{
    private static readonly (string Down, string Up)[] Names =
        [(".lora_A.weight", ".lora_B.weight"), (".lora_embedding_A", ".lora_embedding_B")];

    private LowRankSource(
        NamedAdapter adapter, LoraConfig config, IReadOnlyDictionary<string, LowRankFactors> modules) =>
        (Folder, Weight, Config, Modules) = (adapter.Folder, adapter.Weight, config, modules);

    public string Folder { get; }

    /// <summary>How much of it is wanted.</summary>
    public double Weight { get; }

    public LoraConfig Config { get; }

    /// <summary>The factors by the beginning of their names in the file.</summary>
    public IReadOnlyDictionary<string, LowRankFactors> Modules { get; }

    /// <summary>The largest rank of a module.</summary>
    public int Rank => Config.RankPattern.Select(pattern => pattern.Value).Append(Config.Rank).Max();

    /// <summary>Reads a folder; the tensors belong to the scope that is open.</summary>
    /// <exception cref="CheckpointException">It is no adapter of factors alone.</exception>
    public static LowRankSource Read(NamedAdapter adapter)
    {
        if (AdapterFolder.ReadConfig(adapter.Folder) is not LoraConfig { UseDora: false } config)
        {
            throw Unfit(adapter.Folder, AdapterSummary.Read(adapter.Folder).Kind);
        }

        using var file = SafetensorsFile.Open(AdapterFolder.WeightsPath(adapter.Folder));
        var found = file.Header.Entries.Select(entry => entry.Name).ToHashSet();
        var modules = new OrderedDictionary<string, LowRankFactors>(StringComparer.Ordinal);
        foreach (var (down, up) in Names)
        {
            foreach (var name in found.Where(name => name.EndsWith(down, StringComparison.Ordinal)).Order().ToList())
            {
                var module = name[..^down.Length];
                if (!found.Remove(module + up))
                {
                    throw new CheckpointException($"{adapter.Folder}: must hold \"{module + up}\", it does not");
                }

                found.Remove(name);
                var (_, scale) = config.SizeOf(Adapter.ModuleOf(module));
                modules.Add(module, new LowRankFactors(Load(name), Load(module + up), scale, down, up));
            }
        }

        // Beside factors of an embedding the library stores the matrix that they are put on: not the adapter's.
        found.RemoveWhere(name => name.EndsWith(".base_layer.weight", StringComparison.Ordinal));
        return found.Order().FirstOrDefault() is { } other
            ? throw Unfit(adapter.Folder, $"\"{other}\"")
            : new LowRankSource(adapter, config, modules);

        Tensor Load(string name) => file.Load(name).To(DType.Float32).Clone();
    }

    private static CheckpointException Unfit(string folder, string found) => new(
        $"{folder}: must be a low-rank adapter of factors alone to be combined, has {found}; merge it into the model "
        + "instead, or switch several on together");
}

/// <summary>What a low-rank adapter adds to a matrix: s·B·A.</summary>
/// <param name="A"><c>[r, in]</c>, float32.</param>
/// <param name="B"><c>[out, r]</c>, float32.</param>
/// <param name="Scale">s.</param>
/// <param name="DownName">How the name of A ends.</param>
/// <param name="UpName">How the name of B ends.</param>
internal sealed record LowRankFactors(Tensor A, Tensor B, double Scale, string DownName, string UpName);
