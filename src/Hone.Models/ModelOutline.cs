using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Models.Layers;
using Hone.Text;

namespace Hone.Models;

/// <summary>What a model is, by its configuration and the headers of its files: no tensor is made for it.</summary>
public sealed class ModelOutline
{
    private readonly IReadOnlyList<(string Name, SafetensorsFile File, SafetensorsEntry Entry)> _weights;

    private ModelOutline(
        DecoderConfig config, Tokenizer? tokenizer,
        IReadOnlyList<(string Name, SafetensorsFile File, SafetensorsEntry Entry)> weights)
    {
        (Config, Tokenizer, _weights) = (config, tokenizer, weights);
        ParameterCounts = [.. Decoder.Layout(config).Select(
            spec => spec.Shape.Aggregate(1L, (count, size) => count * size))];
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
        return new ModelOutline(
            weights.Config,
            tokenizer,
            [.. Decoder.Layout(weights.Config).Select(spec => (spec.Name, Place: weights.Find(spec))).Select(found =>
                (found.Name, checkpoint.FileOf(found.Place), checkpoint.Find(found.Place)!))]);
    }

    /// <summary>The outline of a model that is to be made.</summary>
    /// <param name="config">Its architecture.</param>
    public static ModelOutline Of(DecoderConfig config) => new(config, null, []);

    /// <summary>The names of weights that hold NaN or infinity, in the order of <see cref="Decoder.Parameters"/>; reads
    /// every weight.</summary>
    /// <exception cref="CheckpointException">A file cannot be read.</exception>
    public IReadOnlyList<string> NotFinite() =>
        [.. _weights.Where(weight => !FiniteScan.IsFinite(weight.File, weight.Entry)).Select(weight => weight.Name)];
}
