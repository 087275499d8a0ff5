using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Models.Layers;
using Hone.Text;

namespace Hone.Models;

/// <summary>What a model is, by its configuration and the headers of its files: no tensor is made for it.</summary>
public sealed class ModelOutline
{
    private readonly IReadOnlyList<StoredWeight> _weights;

    private ModelOutline(
        DecoderConfig config, Tokenizer? tokenizer, IReadOnlyList<ParameterSpec> layout,
        IReadOnlyList<StoredWeight> weights)
    {
        (Config, Tokenizer, _weights) = (config, tokenizer, weights);
        ParameterCounts = Array.ConvertAll<ParameterSpec, long>([.. layout], Count);
    }

    /// <summary>The architecture.</summary>
    public DecoderConfig Config { get; }

    /// <summary>The folder's tokenizer; null where it has none.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>Numbers that are weights; a tied head counts once.</summary>
    public long ParameterCount => ParameterCounts.Sum();

    /// <summary>Those of each weight, in the order of <see cref="Decoder.Parameters"/>.</summary>
    public IReadOnlyList<long> ParameterCounts { get; }

    /// <summary>Reads a model folder with safetensors, and refuses what <see cref="ModelFolder"/> refuses.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointException">Something is missing, damaged or not supported.</exception>
    public static ModelOutline Read(string folder)
    {
        var fields = ModelFolder.ReadFields(folder);
        var config = ModelFamilies.Read(fields);
        _ = GenerationDefaults.Read(folder, fields); // may refuse
        var tokenizer = TokenizerFolder.Read(folder, config.VocabularySize);
        using var checkpoint = Checkpoint.Open(folder);
        var weights =
            new CheckpointWeights(config, ModelFamilies.Of(config.ModelType, folder).Names(config), checkpoint);
        var layout = Decoder.Layout(weights.Config);
        return new ModelOutline(weights.Config, tokenizer, layout, [.. layout.Select(Stored)]);

        StoredWeight Stored(ParameterSpec spec)
        {
            var place = weights.Find(spec);
            return new StoredWeight(spec.Name, checkpoint.FileOf(place), checkpoint.Find(place)!);
        }
    }

    /// <summary>The outline of a model that is to be made.</summary>
    /// <param name="config">Its architecture.</param>
    public static ModelOutline Of(DecoderConfig config) => new(config, null, Decoder.Layout(config), []);

    /// <summary>The names of weights that hold NaN or infinity, in the order of <see cref="Decoder.Parameters"/>; reads
    /// every weight.</summary>
    /// <exception cref="CheckpointException">A file cannot be read.</exception>
    public IReadOnlyList<string> NotFinite()
    {
        var buffer = new byte[FiniteScan.BytesAtOnce];
        return
        [
            .. _weights.Where(weight => !FiniteScan.IsFinite(weight.File, weight.Entry, buffer))
                .Select(weight => weight.Name),
        ];
    }

    private static long Count(ParameterSpec spec)
    {
        var count = 1L;
        foreach (var size in spec.Shape)
        {
            count *= size;
        }

        return count;
    }

    /// <summary>Where a weight lies.</summary>
    private sealed record StoredWeight(string Name, SafetensorsFile File, SafetensorsEntry Entry);
}
