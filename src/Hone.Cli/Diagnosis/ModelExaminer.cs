using Hone.Models;
using Hone.Models.Generation;
using Hone.Text;

namespace Hone.Cli.Diagnosis;

/// <summary>Examines a model folder: its files, its numbers, its tokenizer.</summary>
internal static class ModelExaminer
{
    /// <summary>Examines it; what is wrong is in the report, not thrown.</summary>
    public static ModelReport Examine(string folder)
    {
        try
        {
            using var model = ModelFolder.Load(folder);
            var config = model.Decoder.Config;
            return new ModelReport(folder)
            {
                Family = config.ModelType,
                Layers = config.Layers.Count,
                Weights = model.Decoder.Parameters.Values.Sum(weight => weight.Count),
                StoredAs = config.StorageType.ToString().ToLowerInvariant(),
                Context = config.ContextLength,
                Vocabulary = config.VocabularySize,
                TokenizerVocabulary = model.Tokenizer?.VocabularySize ?? 0,
                Generation = config.Labels is null ? model.CreateEngine(new EngineOptions()).Path : null,
                Warnings = [.. model.Warnings, .. WeightScan.NotFinite(model.Decoder).Select(NotFinite)],
                Problems = model.Tokenizer is null
                    ? [$"{folder}: must have a tokenizer, there is no tokenizer.json; put the model's own there"]
                    : [],
            };
        }
        catch (Exception error) when (error is CheckpointException or TokenizerException)
        {
            return new ModelReport(folder) { Problems = [error.Message] };
        }
    }

    private static string NotFinite(string name) =>
        $"weights: must be finite numbers, \"{name}\" holds NaN or infinity; the checkpoint is damaged or its "
            + "training diverged, and `hone train` refuses it";
}
