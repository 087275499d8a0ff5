using Hone.Models.Adapters;
using Hone.Models.Adapters.Files;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Checkpoints;
using Hone.Models.Configuration;
using Hone.Models.Families;
using Hone.Models.Generation;
using Hone.Models.Gguf;
using Hone.Models.Quantisation;
using Hone.Text;
using Hone.Text.Gguf;
using Hone.Torch;

namespace Hone.Models;

/// <summary>A model in the Hugging Face layout: <c>config.json</c>, <c>generation_config.json</c>, safetensors and
/// tokenizer files; or in a GGUF file.</summary>
public sealed class ModelFolder : IDisposable
{
    private readonly string? _source;
    private readonly ConfigFields? _fields;
    private readonly IReadOnlyDictionary<string, DType> _storedTypes;

    private ModelFolder(
        Decoder decoder, GenerationDefaults generation, Tokenizer? tokenizer, string? source, ConfigFields? fields,
        IReadOnlyDictionary<string, DType> storedTypes, IReadOnlyList<string> warnings)
    {
        (Decoder, Generation, Tokenizer, Warnings) = (decoder, generation, tokenizer, warnings);
        (_source, _fields, _storedTypes) = (source, fields, storedTypes);
    }

    /// <summary>The model; disposed of with this object.</summary>
    public Decoder Decoder { get; }

    /// <summary>What the folder says about generating.</summary>
    public GenerationDefaults Generation { get; }

    /// <summary>The folder's tokenizer; null where it has none.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>Where its tokenizer files are: a folder or a GGUF file; null where it came from none.</summary>
    public string? TokenizerPath => _source;

    /// <summary>What was odd but harmless, in words.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>
    /// Loads a model; of the folder of an adapter, the base model that it names with the adapter switched on.
    /// </summary>
    /// <param name="folder">The folder, or a GGUF file.</param>
    /// <param name="storage">The dtype that weights are kept and trained in.</param>
    /// <param name="compute">The dtype of products.</param>
    /// <exception cref="CheckpointException">Something is missing, damaged or not supported.</exception>
    public static ModelFolder Load(string folder, DType storage = DType.Float32, DType compute = DType.Float32) =>
        Load(folder, [], storage, compute);

    /// <summary>Loads a model with adapters, all switched on together.</summary>
    /// <param name="folder">The folder of the model.</param>
    /// <param name="adapters">The folders of adapters with their weights; each is found on the decoder by its folder's
    /// path.</param>
    /// <param name="storage">The dtype that weights are kept and trained in.</param>
    /// <param name="compute">The dtype of products.</param>
    /// <param name="fourBits">How linear layers are kept in 4 bits, frozen; null for in
    /// <paramref name="storage"/>.</param>
    /// <param name="blocksAlone">Whether the numbers of a GGUF file's matrices are made only when somebody reads them:
    /// generation with <see cref="GenerationWeights.Stored"/> does not.</param>
    /// <exception cref="CheckpointException">Something is missing, damaged or not supported, or does not fit
    /// together.</exception>
    public static ModelFolder Load(
        string folder,
        IReadOnlyList<NamedAdapter> adapters,
        DType storage = DType.Float32,
        DType compute = DType.Float32,
        FourBitOptions? fourBits = null,
        bool blocksAlone = false)
    {
        if (AdapterFolder.IsAdapter(folder))
        {
            return Load(AdapterFolder.BaseModelPath(folder), [new NamedAdapter(folder), .. adapters], storage,
                compute, fourBits, blocksAlone);
        }

        var layers = adapters.Select(adapter => AdapterFolder.ReadConfig(adapter.Folder))
            .OfType<LoraConfig>()
            .Select(config => config.LayerReplication)
            .FirstOrDefault(ranges => ranges.Count > 0);
        var model = LoadModel(folder, storage, compute, layers ?? [], fourBits, blocksAlone);
        try
        {
            var rack = model.Decoder.Adapters;
            var warnings = new List<string>();
            foreach (var adapter in adapters)
            {
                var loaded = Adapter.Load(model.Decoder, adapter.Folder);
                rack.Add(adapter.Folder, loaded);
                warnings.AddRange(loaded.Warnings);
            }

            rack.Activate([.. adapters.Select(adapter => (adapter.Folder, adapter.Weight))]);
            return model.With(warnings);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static ModelFolder LoadModel(
        string folder, DType storage, DType compute, IReadOnlyList<LayerRange> layers, FourBitOptions? fourBits,
        bool blocksAlone)
    {
        if (GgufModel.Find(folder) is { } file)
        {
            return LoadGguf(folder, file, storage, compute, layers, fourBits, blocksAlone);
        }

        var fields = ReadFields(folder);
        var config = ModelFamilies.Read(fields);
        var generation = GenerationDefaults.Read(folder, fields);
        var tokenizer = TokenizerFolder.Read(folder, config.VocabularySize);
        using var weights = QuantisedCheckpoint.Open(folder, fields);
        var decoder = Decoder.Load(config, weights, storage, compute, layers, fourBits);
        return new ModelFolder(
            decoder, generation, tokenizer, folder, QuantisedCheckpoint.Plain(fields), StoredTypes(weights),
            [.. weights.Warnings]);
    }

    /// <summary>Takes a model that came from no folder.</summary>
    /// <param name="decoder">The model; disposed of with the new object.</param>
    /// <param name="generation">What to say about generating.</param>
    /// <param name="tokenizerFolder">Where its tokenizer files are, or null for none.</param>
    /// <exception cref="CheckpointException">The tokenizer has tokens that the model lacks.</exception>
    public static ModelFolder Of(Decoder decoder, GenerationDefaults generation, string? tokenizerFolder)
    {
        var tokenizer = tokenizerFolder is null
            ? null
            : TokenizerFolder.Read(tokenizerFolder, decoder.Config.VocabularySize);
        return new ModelFolder(
            decoder, generation, tokenizer, tokenizerFolder, null, new Dictionary<string, DType>(), []);
    }

    private ModelFolder With(IReadOnlyList<string> warnings) =>
        new(Decoder, Generation, Tokenizer, _source, _fields, _storedTypes, [.. Warnings, .. warnings]);

    /// <summary>Creates a generation engine that knows the folder's tokenizer, for stop strings.</summary>
    /// <param name="options">How much to do at once.</param>
    /// <param name="prefixes">Keeps what was computed for later runs; the caller disposes of it. Null: each run begins
    /// with nothing.</param>
    public GenerationEngine CreateEngine(EngineOptions options, PrefixCache? prefixes = null) => new(
        Decoder,
        options,
        Tokenizer is { } tokenizer ? () => tokenizer.OpenStream(skipSpecialTokens: false).Append : null,
        prefixes);

    /// <summary>The tokenizer as the keys of a GGUF file; where there is none, the key that says so.</summary>
    /// <exception cref="TokenizerException">GGUF has no place for a tokenizer of its kind.</exception>
    public IReadOnlyDictionary<string, GgufValue> Vocabulary() => Tokenizer is null || _source is null
        ? new Dictionary<string, GgufValue> { ["tokenizer.ggml.model"] = new GgufValue.Text("no_vocab") }
        : GgufVocabulary.Of(_source, Decoder.Config.VocabularySize, Generation.StopTokens);

    /// <summary>Writes the model, each weight in the type that it was stored as; <c>config.json</c> comes last, so that
    /// half a folder cannot be loaded.</summary>
    /// <param name="folder">Where to; made where it does not exist.</param>
    /// <param name="storage">The type of all weights in the files, or null for the one each was read in.</param>
    /// <param name="shardLimit">Bytes of data a shard may have.</param>
    /// <exception cref="CheckpointException">A file cannot be written.</exception>
    public void Save(string folder, DType? storage = null, long shardLimit = ShardedWriter.UsualLimit) =>
        Save(folder, storage, shardLimit, Decoder.Config, new Dictionary<string, Tensor>());

    /// <summary>
    /// Writes the model with adapters merged into its weights, each weight in the type that it was stored as.
    /// </summary>
    /// <param name="folder">Where to; made where it does not exist.</param>
    /// <param name="adapters">The adapters with their weights.</param>
    /// <param name="storage">The type of all weights in the files, or null for the one each was read in.</param>
    /// <param name="shardLimit">Bytes of data a shard may have.</param>
    /// <exception cref="CheckpointException">An adapter does what no weight can hold, or a file cannot be
    /// written.</exception>
    public void SaveMerged(
        string folder, AdapterCombination adapters, DType? storage = null, long shardLimit = ShardedWriter.UsualLimit)
    {
        using var scope = TensorScope.Open();
        var merged = MergedWeights.Of(Decoder, adapters);
        var untied = Decoder.Config.TiedHead && merged.ContainsKey($"{Decoder.Modules.Head.Name}.weight");
        Save(folder, storage, shardLimit, untied ? Decoder.Config with { TiedHead = false } : Decoder.Config, merged);
    }

    private void Save(
        string folder, DType? storage, long shardLimit, DecoderConfig config,
        IReadOnlyDictionary<string, Tensor> changed)
    {
        Directory.CreateDirectory(folder);
        WriteWeights(folder, storage, shardLimit, changed);
        CopyTokenizer(folder);
        WriteGeneration(folder);

        config = storage is { } type ? config with { StorageType = type } : config;
        var fields = ConfigFile.Compose(config, _fields);
        if (_fields is null && Generation.Fields()["eos_token_id"] is { } stop)
        {
            fields["eos_token_id"] = stop.DeepClone();
        }

        ConfigFile.Write(Path.Combine(folder, ConfigFile.Name), fields);
    }

    /// <inheritdoc/>
    public void Dispose() => Decoder.Dispose();

    // Of a folder its own files count where they are there; a file that is named by itself says everything alone.
    private static ModelFolder LoadGguf(
        string path, string file, DType storage, DType compute, IReadOnlyList<LayerRange> layers,
        FourBitOptions? fourBits, bool blocksAlone)
    {
        var opened = GgufFile.Open(file);
        try
        {
            var fields =
                File.Exists(Path.Combine(path, ConfigFile.Name)) ? ConfigFile.Read(path) : GgufConfig.Read(opened);
            var config = ModelFamilies.Read(fields);
            var isBeside = File.Exists(Path.Combine(path, TokenizerFolder.Main));
            var source = isBeside ? path : file;
            var tokenizer = isBeside || opened.Header.Has("tokenizer.ggml.tokens")
                ? TokenizerFolder.Read(source, config.VocabularySize) : null;
            using var weights = GgufWeights.Of(opened, config);
            var generation = GenerationDefaults.Read(path, fields);
            var decoder = Decoder.Load(config, weights, storage, compute, layers, fourBits, blocksAlone);
            return new ModelFolder(decoder, generation, tokenizer, source, fields, StoredTypes(weights), []);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private static Dictionary<string, DType> StoredTypes(IWeightSource weights) => weights.Names
        .Select(name => (Name: name, Type: weights.TypeOf(name)))
        .Where(stored => stored.Type is not null)
        .ToDictionary(stored => stored.Name, stored => stored.Type!.Value, StringComparer.Ordinal);

    internal static ConfigFields ReadFields(string folder) => Directory.Exists(folder)
        ? ConfigFile.Read(folder)
        : throw new CheckpointException($"{folder}: must be a model folder, there is no such folder; check the path");

    private void WriteWeights(
        string folder, DType? storage, long shardLimit, IReadOnlyDictionary<string, Tensor> changed)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var tensors = Decoder.Weights.Keys.Union(Decoder.CodedWeights.Keys).Union(changed.Keys).ToDictionary(
            name => name,
            name => (changed.GetValueOrDefault(name)
                ?? Decoder.Weights.GetValueOrDefault(name) ?? Decoder.CodedWeights[name].Dequantise())
                .To(storage ?? _storedTypes.GetValueOrDefault(name, Decoder.Config.StorageType)),
            StringComparer.Ordinal);
        ShardedWriter.Write(folder, tensors, shardLimit);
    }

    /// <summary>Copies the tokenizer's files into another folder.</summary>
    /// <param name="folder">Where to.</param>
    /// <exception cref="CheckpointException">A file cannot be written.</exception>
    public void CopyTokenizer(string folder)
    {
        if (_source is null || Path.GetFullPath(_source) == Path.GetFullPath(folder))
        {
            return;
        }

        TokenizerFolder.Copy(_source, folder);
    }

    private void WriteGeneration(string folder)
    {
        var from = _source is null || _fields is null ? null : Path.Combine(_source, GenerationDefaults.FileName);
        var fields = from is not null && File.Exists(from)
            ? ConfigFields.Parse(File.ReadAllText(from), from).Copy()
            : Generation.Fields();
        ConfigFile.Write(Path.Combine(folder, GenerationDefaults.FileName), fields);
    }
}
