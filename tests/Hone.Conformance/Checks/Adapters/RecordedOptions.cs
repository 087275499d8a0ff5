using System.Text.Json.Nodes;
using Hone.Conformance.Goldens;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Files;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Adapters;

/// <summary>Adapters of options that a record writes as PEFT's configuration does.</summary>
internal static class RecordedOptions
{
    /// <summary>The configuration.</summary>
    public static AdapterConfig Config(Field options, string kind)
    {
        var folder = Directory.CreateTempSubdirectory("hone-conformance-").FullName;
        try
        {
            var fields = (JsonObject)JsonNode.Parse(options.Json.GetRawText())!;
            (fields["peft_type"], fields["task_type"]) = (kind, "CAUSAL_LM");
            File.WriteAllText(Path.Combine(folder, AdapterFolder.ConfigName), fields.ToJsonString());
            return AdapterFolder.ReadConfig(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What the library calls, while it trains, a tensor of a module that is stored as a whole.</summary>
    public static string Wrapped(string name) => name.Insert(name.LastIndexOf('.'), ".modules_to_save");

    /// <summary>A new adapter, switched on, with the recorded numbers of what is trained.</summary>
    public static Adapter Begin(AdaptedModel model, AdapterConfig config, string initial)
    {
        using var noGrad = Autograd.NoGrad();
        using var file = SafetensorsFile.Open(initial);
        var adapter = Adapter.Create(model.Decoder, config, seed: 1);
        foreach (var name in adapter.Parameters.Keys)
        {
            if (new[] { name, Wrapped(name) }.FirstOrDefault(one => file.Header.Find(one) is not null) is { } recorded)
            {
                adapter.Parameters[name].CopyFrom(file.Load(recorded));
            }
        }

        model.Decoder.WeightsChanged();
        return model.Attach(adapter, "default");
    }
}
