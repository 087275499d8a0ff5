using System.Globalization;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;
using Hone.Models.Families;

namespace Hone.Models.Layers;

/// <summary>A model stacked of layers of another, some of them several times with the same weights.</summary>
/// <param name="Config">The stacked model's configuration.</param>
/// <param name="Prefix">What stands before a layer's number.</param>
/// <param name="Sources">The layer of the other model that each layer is.</param>
internal sealed record LayerStack(DecoderConfig Config, string Prefix, IReadOnlyList<int> Sources)
{
    /// <summary>Stacks ranges of layers.</summary>
    /// <exception cref="CheckpointException">A range is not among the layers.</exception>
    public static LayerStack Of(
        DecoderConfig config, DecoderNames names, IReadOnlyList<LayerRange> ranges, string where)
    {
        if (ranges.FirstOrDefault(range => range.First < 0 || range.End > config.Layers.Count) is { End: > 0 } odd)
        {
            throw new CheckpointException(
                $"{where}: layer_replication must take layers from 0 to {config.Layers.Count}, got [{odd.First}, "
                + $"{odd.End}]");
        }

        int[] sources = [.. ranges.SelectMany(range => Enumerable.Range(range.First, range.End - range.First))];
        return new LayerStack(
            config with { Layers = [.. sources.Select(source => config.Layers[source])] }, names.LayerPrefix, sources);
    }

    /// <summary>The name that a weight of the stacked model has in the other one.</summary>
    public string StoredName(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return name;
        }

        var end = name.IndexOf('.', Prefix.Length);
        var layer = int.Parse(name.AsSpan(Prefix.Length, end - Prefix.Length), CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Sources[layer]}{name[end..]}");
    }
}
