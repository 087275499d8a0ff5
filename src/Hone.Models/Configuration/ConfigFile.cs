using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Models.Checkpoints;
using Hone.Models.Families;

namespace Hone.Models.Configuration;

/// <summary>The <c>config.json</c> of a model folder.</summary>
public static class ConfigFile
{
    /// <summary>Its name in the folder.</summary>
    public const string Name = "config.json";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads a folder's configuration.</summary>
    /// <param name="folder">The model folder.</param>
    /// <exception cref="CheckpointException">The file is missing or does not describe a supported model.</exception>
    public static ConfigFields Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        using var reader = new StreamReader(CheckpointFiles.OpenRead(path));
        return ConfigFields.Parse(reader.ReadToEnd(), path);
    }

    /// <summary>
    /// The fields to write for a configuration: those of the file it came from, respelled for version 4 and changed
    /// where the configuration has changed, or the family's own where it came from none.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="source">What was read, or null.</param>
    public static JsonObject Compose(DecoderConfig config, ConfigFields? source)
    {
        var family = ModelFamilies.Of(config.ModelType, Name);
        if (source is null)
        {
            return ModelFamilies.Write(config);
        }

        var fields = source.Copy();
        family.Respell(fields);
        if (fields["dtype"] is { } type)
        {
            fields.Remove("dtype");
            fields["torch_dtype"] = type;
        }

        if (ModelFamilies.Read(new ConfigFields(fields, source.Where)) != config)
        {
            foreach (var (name, value) in ModelFamilies.Write(config))
            {
                fields[name] = value?.DeepClone();
            }
        }

        return fields;
    }

    /// <summary>Writes fields with sorted names, as the ecosystem's files are.</summary>
    internal static void Write(string path, JsonObject fields)
    {
        var sorted = new JsonObject(fields
            .OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        CheckpointFiles.Replace(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(sorted.ToJsonString(Indented));
            writer.Write('\n');
        });
    }
}
