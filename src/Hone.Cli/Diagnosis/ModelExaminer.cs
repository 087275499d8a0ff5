using Hone.Models;
using Hone.Text;

namespace Hone.Cli.Diagnosis;

/// <summary>Examines a model folder: its files, its numbers, its tokenizer.</summary>
internal static class ModelExaminer
{
    /// <summary>Examines it; what is wrong is in the report, not thrown.</summary>
    public static ModelReport Examine(string folder) => AddTokenizer(AddModel(new ModelReport(folder)));

    private static ModelReport AddModel(ModelReport report)
    {
        try
        {
            using var model = ModelFolder.Load(report.Folder);
            var config = model.Decoder.Config;
            return report with
            {
                Family = config.ModelType,
                Layers = config.Layers.Count,
                Weights = model.Decoder.Parameters.Values.Sum(weight => weight.Count),
                StoredAs = config.StorageType.ToString().ToLowerInvariant(),
                Context = config.ContextLength,
                Vocabulary = config.VocabularySize,
                Warnings = [.. model.Warnings, .. WeightScan.NotFinite(model.Decoder).Select(NotFinite)],
            };
        }
        catch (CheckpointException error)
        {
            return report with { Problems = [error.Message] };
        }
    }

    private static ModelReport AddTokenizer(ModelReport report)
    {
        try
        {
            var size = Tokenizer.Load(report.Folder).VocabularySize;
            return size > report.Vocabulary && report.Vocabulary > 0
                ? report with
                {
                    TokenizerVocabulary = size,
                    Problems =
                    [
                        .. report.Problems,
                        $"{report.Folder}: the tokenizer must have at most as many ids as the model's vocabulary, has {size} against {report.Vocabulary}; "
                            + "use the tokenizer that the model was trained with",
                    ],
                }
                : report with { TokenizerVocabulary = size };
        }
        catch (TokenizerException error)
        {
            return report with { Problems = [.. report.Problems, error.Message] };
        }
    }

    private static string NotFinite(string name) =>
        $"weights: must be finite numbers, \"{name}\" holds NaN or infinity; the checkpoint is damaged or its training diverged, and `hone train` refuses it";
}
