using Hone.Data.Hub;
using Hone.Data.Tests.Hub;

namespace Hone.Cli.Tests.Hubs;

/// <summary>A hub on this machine, an empty cache, and <c>hone</c> with an environment that names both.</summary>
internal sealed class HubScene : IDisposable
{
    public const string Commit = "1111111111111111111111111111111111111111";
    public const string Later = "2222222222222222222222222222222222222222";

    public ScratchFolder Scratch { get; } = new();

    public HubServer Server { get; } = new();

    public string Cache => Path.Combine(Scratch.Path, "cache", "hub");

    public Dictionary<string, string> Variables => new()
    {
        ["HF_HOME"] = Path.Combine(Scratch.Path, "cache"),
        ["HF_ENDPOINT"] = Server.Address,
    };

    public HoneRun Run(params string[] words) => Run(Variables, words);

    public HoneRun RunWith(string variable, string value, params string[] words) =>
        Run(new Dictionary<string, string>(Variables) { [variable] = value }, words);

    /// <summary>Puts a folder on the hub.</summary>
    public HubServer.Repository Publish(string name, string folder, string commit = Commit)
    {
        var repository = Server.Add(name, commit);
        foreach (var file in Directory.GetFiles(folder))
        {
            repository.Files[Path.GetFileName(file)] = File.ReadAllBytes(file);
        }

        return repository;
    }

    /// <summary>Puts a tiny model on the hub.</summary>
    public HubServer.Repository PublishModel(string name, string commit = Commit)
    {
        var folder = Path.Combine(Scratch.Path, $"published-{commit[..3]}");
        TinyModel.Write(folder, stopTokens: 257);
        return Publish(name, folder, commit);
    }

    private HoneRun Run(Dictionary<string, string> variables, string[] words) =>
        new(new HubEnvironment(name => variables.GetValueOrDefault(name), Scratch.Path), "", words);

    public void Dispose()
    {
        Server.Dispose();
        Scratch.Dispose();
    }
}
