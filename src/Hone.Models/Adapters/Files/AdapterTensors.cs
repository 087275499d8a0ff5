using Hone.Models.Adapters.Building;
using Hone.Models.Adapters.Kinds;
using Hone.Torch;

namespace Hone.Models.Adapters.Files;

/// <summary>The tensors of an adapter as its file holds them.</summary>
internal static class AdapterTensors
{
    /// <summary>Gives them; new ones belong to the scope that is open.</summary>
    public static Dictionary<string, Tensor> Of(IReadOnlyList<AdapterTensor> tensors, AdapterConfig config)
    {
        var all = tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Value(), StringComparer.Ordinal);
        return config switch
        {
            AdaLoraConfig { Kept.Count: > 0 } pruned => Pruned(all, pruned),
            _ => all,
        };
    }

    // Only the ranks that are kept are stored.
    private static Dictionary<string, Tensor> Pruned(Dictionary<string, Tensor> all, AdaLoraConfig config)
    {
        foreach (var (module, ranks) in config.Kept)
        {
            var name = $"{AdapterAssembly.Prefix}{module}";
            if (all[$"{name}.lora_E"].Size(0) != ranks.Count)
            {
                continue; // as they came from a file
            }

            var kept = Tensor.Of<long>([.. ranks.Index().Where(rank => rank.Item).Select(rank => (long)rank.Index)]);
            foreach (var (part, dimension) in new[] { ("lora_A", 0), ("lora_E", 0), ("lora_B", 1) })
            {
                all[$"{name}.{part}"] = all[$"{name}.{part}"].IndexSelect(dimension, kept).Contiguous();
            }
        }

        return all;
    }
}
