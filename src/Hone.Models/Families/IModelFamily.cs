using System.Text.Json.Nodes;
using Hone.Models.Configuration;

namespace Hone.Models.Families;

/// <summary>How one family of models spells its configuration and its weights.</summary>
public interface IModelFamily
{
    /// <summary><c>model_type</c> in <c>config.json</c>.</summary>
    public string ModelType { get; }

    /// <summary>The class that <c>architectures</c> names for a model that predicts the next token.</summary>
    public string Architecture { get; }

    /// <summary>Reads a configuration in either spelling.</summary>
    /// <param name="fields">The top of <c>config.json</c>.</param>
    /// <exception cref="CheckpointException">A field is missing or does not fit.</exception>
    public DecoderConfig Read(ConfigFields fields);

    /// <summary>Writes a configuration in the version-4 spelling, which every version reads.</summary>
    /// <param name="config">The configuration.</param>
    public JsonObject Write(DecoderConfig config);

    /// <summary>Turns fields of the version-5 spelling, where there are any, into those of version 4.</summary>
    /// <param name="fields">All fields of a <c>config.json</c>; changed.</param>
    public void Respell(JsonObject fields) => RopeFields.Respell(fields);

    /// <summary>What the weights are called.</summary>
    /// <param name="config">The configuration.</param>
    public DecoderNames Names(DecoderConfig config);
}
