using Hone.Models.Adapters.Building;
using Hone.Models.Adapters.Files;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Checkpoints;
using Hone.Models.Layers;
using Hone.Text;
using Hone.Torch;

namespace Hone.Models.Adapters;

/// <summary>A small set of weights that changes what a model does, while the model's own weights stay as they
/// are.</summary>
/// <remarks>It belongs to the decoder that it was made for; <see cref="Decoder.Adapters"/> switches it on.</remarks>
public sealed class Adapter : IDisposable
{
    private const string TrainingFile = "training.safetensors";

    private readonly AdapterContent _content;

    private Adapter(AdapterConfig config, AdapterContent content, IReadOnlyList<string> warnings)
    {
        (Config, _content, Warnings) = (config, content, warnings);
        Parameters = new OrderedDictionary<string, Tensor>(
            content.Trained.Select(parameter => KeyValuePair.Create(parameter.Spec.Name, parameter.Value)),
            StringComparer.Ordinal);
    }

    /// <summary>What it is. Pruning changes it.</summary>
    public AdapterConfig Config { get; private set; }

    /// <summary>What is trained, float32, by the names of the file; of virtual tokens made by a network, that
    /// network.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <summary>All that it consists of in numbers, trained or drawn once, by name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State =>
        _content.State.Select(one => KeyValuePair.Create(one.Spec.Name, one.Value));

    /// <summary>What was odd but harmless, in words.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Tokens that it puts before each sequence.</summary>
    public int VirtualTokens => Parts.Virtual?.Count ?? 0;

    /// <summary>Numbers that are trained.</summary>
    public long Count => Parameters.Values.Sum(parameter => parameter.Count);

    internal AdapterParts Parts => _content.Parts;

    /// <summary>Makes a fresh adapter.</summary>
    /// <param name="decoder">The model that it is for.</param>
    /// <param name="config">What it is.</param>
    /// <param name="seed">Decides what is drawn.</param>
    /// <param name="tokenizer">The model's tokenizer, for virtual tokens that begin with a text.</param>
    /// <exception cref="CheckpointException">It cannot be put on this model.</exception>
    public static Adapter Create(Decoder decoder, AdapterConfig config, ulong seed, Tokenizer? tokenizer = null)
    {
        config = WithLabelHead(decoder, config);
        var builder = new AdapterBuilder(
            decoder.Modules, new ParameterRegistry(decoder.Modules.Clock), seed, file: null);
        AdapterAssembly.Build(builder, config, text => tokenizer?.EncodeIds(text)
            ?? throw new CheckpointException(
                $"adapter {config.Kind}: a start by text needs the model's tokenizer, there is none"));
        return new Adapter(config, builder.Finish(read: null), []);
    }

    /// <summary>Loads an adapter of PEFT's layout, or a bottleneck adapter of the <c>adapters</c> library's.</summary>
    /// <param name="decoder">The model that it is for.</param>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointException">Something is missing, damaged or not supported, or does not fit the
    /// model.</exception>
    public static Adapter Load(Decoder decoder, string folder)
    {
        var config = AdapterFolder.ReadConfig(folder);
        using var file = SafetensorsFile.Open(AdapterFolder.WeightsPath(folder));
        var shapes = file.Header.Entries.ToDictionary(
            entry => entry.Name, entry => entry.Shape, StringComparer.Ordinal);
        var builder = new AdapterBuilder(
            decoder.Modules, new ParameterRegistry(decoder.Modules.Clock), seed: 0, shapes);
        AdapterAssembly.Build(
            builder, config, _ => throw new InvalidOperationException("a file holds what is asked for"));
        AdapterFileRules.Check(builder.Tensors, shapes, file.Path);
        var content = builder.Finish(file.Load);
        return new Adapter(
            config, content, [.. file.Header.Warnings, .. AdapterFileRules.OtherBase(content.Tensors, file)]);
    }

    /// <summary>What its file holds, by name: tensors of its own, or computed.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors()
    {
        using var noGrad = Autograd.NoGrad();
        return AdapterTensors.Of(_content.Tensors, Config);
    }

    /// <summary>Writes it as PEFT does, a bottleneck adapter as the <c>adapters</c> library does.</summary>
    /// <param name="folder">Where to; made where it does not exist.</param>
    /// <exception cref="CheckpointException">A file cannot be written.</exception>
    public void Save(string folder)
    {
        using var scope = TensorScope.Open();
        AdapterFolder.Write(folder, Config, Tensors(), _content.Model);
    }

    /// <summary>Writes beside the adapter what its training goes on from and its own file does not hold: what was drawn
    /// once, and the network behind virtual tokens.</summary>
    /// <param name="folder">The folder that it was saved in.</param>
    public void SaveTraining(string folder)
    {
        using var scope = TensorScope.Open();
        var stored = Tensors();
        var others = _content.State
            .Where(one => !ReferenceEquals(stored.GetValueOrDefault(one.Spec.Name), one.Value))
            .ToDictionary(one => one.Spec.Name, one => one.Value, StringComparer.Ordinal);
        if (others.Count > 0)
        {
            SafetensorsWriter.Write(Path.Combine(folder, TrainingFile), others);
        }
    }

    /// <summary>Takes over what <see cref="Save"/> and <see cref="SaveTraining"/> wrote.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CheckpointException">It is missing, or of another adapter.</exception>
    public void RestoreTraining(string folder)
    {
        using var noGrad = Autograd.NoGrad();
        using var stored = SafetensorsFile.Open(AdapterFolder.WeightsPath(folder));
        var path = Path.Combine(folder, TrainingFile);
        using var others = File.Exists(path) ? SafetensorsFile.Open(path) : null;
        foreach (var parameter in _content.State)
        {
            using var scope = TensorScope.Open();
            var name = parameter.Spec.Name;
            var file = others?.Header.Find(name) is null ? stored : others;
            parameter.Value.CopyFrom(file.Load(name));
        }
    }

    /// <summary>Switches gradients of all that is trained on or off.</summary>
    /// <param name="trainable">Whether backward passes reach it.</param>
    public void SetTrainable(bool trainable)
    {
        foreach (var parameter in Parameters.Values)
        {
            parameter.RequiresGrad = trainable;
        }
    }

    /// <summary>Says on which model it was trained, for its file.</summary>
    /// <param name="name">The model's path or name.</param>
    public void SetBaseModel(string name) => Config = Config with { BaseModel = name };

    /// <summary>The module that a tensor of an adapter belongs to, or a part of a tensor's name that begins with
    /// it.</summary>
    /// <param name="name">The name in the file.</param>
    public static string ModuleOf(string name) => name.StartsWith(AdapterAssembly.Prefix, StringComparison.Ordinal)
        ? name[AdapterAssembly.Prefix.Length..]
        : name;

    /// <summary>Says which initial ranks each module has kept, so that its file holds these alone.</summary>
    /// <param name="kept">The ranks by module.</param>
    /// <exception cref="InvalidOperationException">Its ranks are not pruned.</exception>
    public void SetKept(IEnumerable<KeptRanks> kept) => Config = Config is AdaLoraConfig config
        ? config with { Kept = [.. kept] }
        : throw new InvalidOperationException($"an adapter of kind {Config.Kind} has no ranks to prune");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var owned in _content.Owned)
        {
            owned.Dispose();
        }
    }

    // A head that scores labels is fresh with the adapter, and goes where it goes.
    private static AdapterConfig WithLabelHead(Decoder decoder, AdapterConfig config) => decoder.Config.Labels switch
    {
        null => config,
        _ when config.ModulesToSave.Contains("score") => config,
        var labels => config with
        {
            TaskType = labels.EachToken ? "TOKEN_CLS" : "SEQ_CLS",
            ModulesToSave = [.. config.ModulesToSave, "score"],
        },
    };
}
