using Hone.Models.Checkpoints;
using Hone.Models.Configuration;

namespace Hone.Models.Quantisation;

/// <summary>Opens the weights of a folder whose <c>config.json</c> says that they are quantised.</summary>
internal static class QuantisedCheckpoint
{
    private const string Settings = "quantization_config";

    /// <summary>The weights of a folder, as numbers whatever they are stored as.</summary>
    /// <exception cref="CheckpointException">There are none, or they are quantised in a way that is not
    /// known.</exception>
    public static IWeightSource Open(string folder, ConfigFields fields)
    {
        var checkpoint = Checkpoint.Open(folder);
        try
        {
            return fields.Object(Settings) is not { } settings
                ? checkpoint : settings.Text("quant_method", "bitsandbytes") switch
                {
                    "bitsandbytes" => new BitsAndBytesWeights(checkpoint),
                    "gptq" or "awq" => new IntegerWeights(checkpoint, settings),
                    var other => throw settings.Wrong("quant_method", "bitsandbytes, gptq or awq", $"\"{other}\""),
                };
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>The fields without what they say of quantising: what is written has plain weights.</summary>
    public static ConfigFields Plain(ConfigFields fields)
    {
        if (!fields.Has(Settings))
        {
            return fields;
        }

        var copy = fields.Copy();
        copy.Remove(Settings);
        return new ConfigFields(copy, fields.Where);
    }
}
