using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Gguf;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Files;

/// <summary>The folder of an adapter: <c>adapter_config.json</c> and its safetensors, in PEFT's layout or in that of
/// the <c>adapters</c> library.</summary>
public static class AdapterFolder
{
    /// <summary>The file that says what the adapter is.</summary>
    public const string ConfigName = "adapter_config.json";

    /// <summary>PEFT's file of tensors.</summary>
    public const string PeftWeights = "adapter_model.safetensors";

    /// <summary>The file of tensors of the <c>adapters</c> library.</summary>
    public const string BottleneckWeights = "adapter.safetensors";

    private static readonly string[] Pickles = ["adapter_model.bin", "pytorch_adapter.bin"];

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Whether a folder holds an adapter and no model.</summary>
    /// <param name="folder">The folder.</param>
    public static bool IsAdapter(string folder) =>
        File.Exists(Path.Combine(folder, ConfigName)) && !File.Exists(Path.Combine(folder, ConfigFile.Name));

    /// <summary>Reads what the adapter of a folder is.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointException">The file is missing, or describes an adapter that is not
    /// supported.</exception>
    public static AdapterConfig ReadConfig(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new CheckpointException(
                $"{folder}: must be the folder of an adapter, there is no such folder; check the path");
        }

        var fields = Read(folder);
        return IsBottleneck(fields) ? BottleneckFile.Read(fields) : PeftConfigReader.Read(fields);
    }

    /// <summary>The file of tensors of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointException">There is none, or it is pickled.</exception>
    public static string WeightsPath(string folder)
    {
        foreach (var name in new[] { PeftWeights, BottleneckWeights })
        {
            if (File.Exists(Path.Combine(folder, name)))
            {
                return Path.Combine(folder, name);
            }
        }

        var pickle = Pickles.FirstOrDefault(name => File.Exists(Path.Combine(folder, name)));
        throw new CheckpointException(pickle is not null
            ? $"{Path.Combine(folder, pickle)}: weights must be safetensors, these are pickled; "
                + "pickles can run code and are refused: convert them to safetensors"
            : $"{folder}: must hold {PeftWeights} or {BottleneckWeights}, there is neither; check the path");
    }

    /// <summary>What an adapter calls its base model.</summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <exception cref="CheckpointException">It names none.</exception>
    public static string BaseModelName(string folder) => ReadConfig(folder).BaseModel is { Length: > 0 } named
        ? named
        : throw new CheckpointException(
            $"{Path.Combine(folder, ConfigName)}: \"base_model_name_or_path\" must name the adapter's model, it names "
            + $"none; name it: MODEL --adapter {folder}");

    /// <summary>The folder or file of the base model that an adapter names, seen from the current folder or from the
    /// adapter's; null where there is none.</summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <exception cref="CheckpointException">It names none.</exception>
    public static string? FindBaseModel(string folder)
    {
        var named = BaseModelName(folder);
        string[] places = [named, Path.Combine(folder, named)];
        return places.FirstOrDefault(
            place => File.Exists(Path.Combine(place, ConfigFile.Name)) || GgufModel.Find(place) is not null);
    }

    /// <summary>The folder or file of the base model that an adapter names.</summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <exception cref="CheckpointException">It names none, or there is none at that path.</exception>
    public static string BaseModelPath(string folder) => FindBaseModel(folder) ?? throw new CheckpointException(
        $"{Path.Combine(folder, ConfigName)}: \"base_model_name_or_path\" must be a model folder, "
        + $"there is none at \"{BaseModelName(folder)}\"; name it: MODEL --adapter {folder}");

    /// <summary>Writes an adapter: its tensors first, so that half a folder cannot be loaded.</summary>
    internal static void Write(
        string folder, AdapterConfig config, IReadOnlyDictionary<string, Tensor> tensors, ModuleCatalog model)
    {
        Directory.CreateDirectory(folder);
        if (config is BottleneckConfig bottleneck)
        {
            SafetensorsWriter.Write(Path.Combine(folder, BottleneckWeights), tensors, new Dictionary<string, string>());
            BottleneckFile.Write(folder, bottleneck, model);
            return;
        }

        SafetensorsWriter.Write(Path.Combine(folder, PeftWeights), tensors);
        WriteJson(Path.Combine(folder, ConfigName), PeftConfigWriter.Compose(config, model));
    }

    /// <summary>Writes an object with sorted names and without a line break at the end, as Python's libraries
    /// do.</summary>
    internal static void WriteJson(string path, JsonObject fields)
    {
        var sorted = Sorted(fields);
        CheckpointFiles.Replace(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(sorted.ToJsonString(Indented));
        });
    }

    private static JsonObject Sorted(JsonObject fields) => new(fields
        .OrderBy(field => field.Key, StringComparer.Ordinal)
        .Select(field => KeyValuePair.Create(
            field.Key, field.Value is JsonObject inner ? Sorted(inner) : field.Value?.DeepClone())));

    private static ConfigFields Read(string folder)
    {
        var path = Path.Combine(folder, ConfigName);
        using var reader = new StreamReader(CheckpointFiles.OpenRead(path));
        return ConfigFields.Parse(reader.ReadToEnd(), path);
    }

    private static bool IsBottleneck(ConfigFields fields) => !fields.Has("peft_type") && fields.Has("config");
}
