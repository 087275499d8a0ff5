using Hone.Models;
using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Benchmarks.Models;

/// <summary>
/// Where the models of benchmarks lie: those that the peers' scripts wrote, or else our own, made once.
/// </summary>
/// <param name="peersFolder">The peers' working folder, with <c>models/NAME</c>; it is only read.</param>
/// <param name="ownFolder">Where our own are kept.</param>
public sealed class ModelStore(string peersFolder, string ownFolder)
{
    /// <summary>Where the peers' scripts work unless they are told otherwise.</summary>
    public static string UsualPeersFolder => Path.Combine(CacheFolder, "hone-peers");

    /// <summary>Where our own models are kept unless somebody says otherwise.</summary>
    public static string UsualOwnFolder => Path.Combine(CacheFolder, "hone-bench");

    private static string CacheFolder => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");

    /// <summary>
    /// Finds a model, or makes it of random weights: matrices normal with deviation 0.02, norms 1, biases 0.
    /// </summary>
    /// <exception cref="CheckpointException">It cannot be written.</exception>
    public StoredModel Find(BenchmarkModel model)
    {
        var peers = Path.Combine(peersFolder, "models", model.Name);
        if (File.Exists(Path.Combine(peers, ConfigFile.Name)))
        {
            return new StoredModel(model, peers, IsPeers: true);
        }

        // config.json is written last: where it is, all of the model is.
        var own = Path.Combine(ownFolder, "models", model.Name);
        if (!File.Exists(Path.Combine(own, ConfigFile.Name)))
        {
            Write(model, own);
        }

        return new StoredModel(model, own, IsPeers: false);
    }

    private static void Write(BenchmarkModel model, string folder)
    {
        Directory.CreateDirectory(folder);
        using var scope = TensorScope.Open();
        var config = model.Config();
        WordTokenizer.Write(folder, config.VocabularySize);
        var generation =
            new GenerationDefaults([BenchmarkModel.EndOfSequence], new SamplingOptions { Temperature = 0 });
        using var made = ModelFolder.Of(Decoder.Create(config, seed: 0), generation, folder);
        made.Save(folder, config.StorageType);
    }
}

/// <summary>A model on the disk.</summary>
/// <param name="Model">Which one.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="IsPeers">Whether the peers' scripts wrote it, so that losses can be compared with theirs.</param>
public sealed record StoredModel(BenchmarkModel Model, string Folder, bool IsPeers)
{
    /// <summary>What a line says of the weights.</summary>
    public string Weights => IsPeers ? "the peers' checkpoint" : "normal 0.02, seed 0";
}
