using System.Text.Json.Nodes;
using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Generation;

namespace Hone.Models;

/// <summary>
/// What a model folder says about generating: <c>generation_config.json</c>, or <c>config.json</c> where there is none.
/// </summary>
/// <param name="StopTokens">Tokens that end a completion.</param>
/// <param name="Sampling">How the model's makers sample; greedy where they do not say.</param>
public sealed record GenerationDefaults(ValueList<int> StopTokens, SamplingOptions Sampling)
{
    /// <summary>The file's name in the folder.</summary>
    public const string FileName = "generation_config.json";

    /// <summary>Reads a folder's defaults.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="config">The folder's <c>config.json</c>.</param>
    /// <exception cref="CheckpointException">The file is not what it should be.</exception>
    public static GenerationDefaults Read(string folder, ConfigFields config)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return Of(config);
        }

        using var reader = new StreamReader(CheckpointFiles.OpenRead(path));
        var fields = ConfigFields.Parse(reader.ReadToEnd(), path);
        return Of(fields.Has("eos_token_id") ? fields : config) with { Sampling = ReadSampling(fields) };
    }

    /// <summary>The fields of a <c>generation_config.json</c> that says the same.</summary>
    public JsonObject Fields()
    {
        var fields = new JsonObject { ["do_sample"] = !Sampling.IsGreedy };
        if (StopTokens is [_, ..])
        {
            fields["eos_token_id"] =
                StopTokens is [var only] ? only : new JsonArray([.. StopTokens.Select(id => (JsonNode)id)]);
        }

        if (!Sampling.IsGreedy)
        {
            fields["temperature"] = Sampling.Temperature;
            fields["top_k"] = Sampling.TopK;
            fields["top_p"] = Sampling.TopP;
        }

        return fields;
    }

    private static GenerationDefaults Of(ConfigFields fields) =>
        new(ValueList.Create<int>(fields.Integers("eos_token_id")), new SamplingOptions { Temperature = 0 });

    private static SamplingOptions ReadSampling(ConfigFields fields) => fields.Flag("do_sample", false)
        ? new SamplingOptions
        {
            Temperature = fields.Number("temperature", 1),
            TopK = fields.Has("top_k") ? fields.Integer("top_k") : 0,
            TopP = fields.Number("top_p", 1),
            MinP = fields.Number("min_p", 0),
            RepetitionPenalty = fields.Number("repetition_penalty", 1),
        }
        : new SamplingOptions { Temperature = 0, RepetitionPenalty = fields.Number("repetition_penalty", 1) };
}
