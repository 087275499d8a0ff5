using System.Text.Json.Nodes;
using Hone.Models.Adapters.Files;
using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Adapters.Combining;

/// <summary>Makes one low-rank adapter of several, from their files alone.</summary>
public static class AdapterMixer
{
    /// <summary>Combines adapters and writes the result beside its place, then renames it.</summary>
    /// <param name="adapters">The adapters with their weights; the result names the first one's model.</param>
    /// <param name="folder">The folder to write; must not exist.</param>
    /// <param name="options">How.</param>
    /// <exception cref="CheckpointException">An adapter is of another kind, or they do not go together in this
    /// way.</exception>
    public static void Write(IReadOnlyList<NamedAdapter> adapters, string folder, MixtureOptions options) =>
        CheckpointFiles.Create(folder, beside =>
        {
            Directory.CreateDirectory(beside);
            WriteFiles(adapters, beside, options);
            return folder;
        });

    private static void WriteFiles(IReadOnlyList<NamedAdapter> adapters, string folder, MixtureOptions options)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        LowRankSource[] sources = [.. adapters.Select(LowRankSource.Read)];
        var rank = Rank(sources, options);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var module in sources.SelectMany(source => source.Modules.Keys).Distinct())
        {
            var own = sources.Where(source => source.Modules.ContainsKey(module)).ToList();
            Check(own, module);
            var (a, b) = LowRankMixture.Of(
                [.. own.Select(source => (source.Modules[module], source.Weight))], options, rank);
            tensors.Add(module + own[0].Modules[module].DownName, a.Contiguous());
            tensors.Add(module + own[0].Modules[module].UpName, b.Contiguous());
        }

        SafetensorsWriter.Write(Path.Combine(folder, AdapterFolder.PeftWeights), tensors);
        AdapterFolder.WriteJson(Path.Combine(folder, AdapterFolder.ConfigName), Fields(sources, rank));
    }

    private static int Rank(LowRankSource[] sources, MixtureOptions options)
    {
        var largest = sources.Max(source => source.Rank);
        switch (options.Kind)
        {
            case MixtureKind.Cat:
                return sources.Sum(source => source.Rank);
            case MixtureKind.Svd or MixtureKind.TiesSvd:
                return options.Rank ?? largest;
            case MixtureKind.Ties or MixtureKind.MagnitudePrune
                when sources.FirstOrDefault(source => source.Weight < 0) is { } negative:
                throw new CheckpointException(
                    $"{negative.Folder}: the weight must not be negative where factors are pruned, got "
                    + $"{negative.Weight}; combine by cat, linear or svd");
        }

        return sources.FirstOrDefault(source => source.Rank != largest) is { } other
            ? throw new CheckpointException(
                $"{other.Folder}: the rank must be that of the other adapters, {largest}, where factors are summed, "
                + $"got {other.Rank}; combine by cat or svd")
            : largest;
    }

    private static void Check(List<LowRankSource> sources, string module)
    {
        var (first, shape) = (sources[0], Shape(sources[0]));
        if (sources.Find(source => Shape(source) != shape) is { } other)
        {
            throw new CheckpointException(
                $"{other.Folder}: \"{module}\" must have the sizes that it has in {first.Folder}, "
                + $"{shape.Out} by {shape.In}, got {Shape(other).Out} by {Shape(other).In}; are they of one model?");
        }

        (long Out, long In) Shape(LowRankSource source) =>
            (source.Modules[module].B.Size(0), source.Modules[module].A.Size(1));
    }

    // The first adapter's file with other sizes, as PEFT writes it.
    private static JsonObject Fields(LowRankSource[] sources, int rank)
    {
        JsonObject[] all = [.. sources.Select(source => Read(source.Folder))];
        var fields = all[0];
        var isByName = all.All(one => one["target_modules"] is JsonArray
            && one["layers_to_transform"] is null && one["exclude_modules"] is null);
        var names = isByName
            ? all.SelectMany(one => one["target_modules"]!.AsArray().Select(name => (string)name!))
            : sources.SelectMany(source => source.Modules.Keys).Select(Adapter.ModuleOf);
        string[] sorted = [.. names.Distinct().Order(StringComparer.Ordinal)];
        fields["target_modules"] = new JsonArray([.. sorted.Select(name => JsonValue.Create(name))]);
        fields["layers_to_transform"] = fields["exclude_modules"] = fields["layers_pattern"] = null;
        fields["r"] = rank;
        fields["lora_alpha"] = rank;
        fields["rank_pattern"] = new JsonObject();
        fields["alpha_pattern"] = new JsonObject();
        fields["use_rslora"] = false;
        return fields;
    }

    private static JsonObject Read(string folder)
    {
        var path = Path.Combine(folder, AdapterFolder.ConfigName);
        return ConfigFields.Parse(File.ReadAllText(path), path).Copy();
    }
}
