using System.CommandLine;
using Hone.Cli.Syntax;
using Hone.Cli.Writing;
using Hone.Data.Hub;

namespace Hone.Cli.Commands;

/// <summary><c>hone pull ID [--type model|dataset] [--revision REV] [--include GLOB]... [--json]</c></summary>
internal sealed class PullCommand(Session session)
{
    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var id = new Argument<string>("ID")
        {
            Description = "A repository of the hub: org/name, perhaps with @revision and :file",
        };
        var type = RepositoryType.Option("model");
        var revision = new Option<string?>("--revision")
        {
            HelpName = "REV",
            Description = "A branch, a tag, a commit or a reference such as refs/pr/1 [default: main]",
        };
        var include = Patterns("--include", "Download the files that fit a pattern such as \"*.json\" or \"onnx/\"");
        var exclude = Patterns("--exclude", "Leave out the files that fit a pattern");
        var json = CommonOptions.Json("one object: name, type, commit, folder");
        var command = new Command(
            "pull",
            "Download a model or a data set into the cache that it shares with huggingface_hub, and print the folder. "
            + "Of a model only what is needed to use it is taken; what is there already is not downloaded again.")
        {
            id, type, revision, include, exclude, json,
        };
        command.SetAction(parsed => (int)new PullCommand(session).Run(
            parsed.GetRequiredValue(id),
            RepositoryType.Of(parsed.GetValue(type)!),
            parsed.GetValue(revision),
            parsed.GetValue(include) ?? [],
            parsed.GetValue(exclude) ?? [],
            parsed.GetValue(json)));
        command.Teach(
            session.Terminal,
            "hone pull HuggingFaceTB/SmolLM2-135M-Instruct",
            "hone pull openai/gsm8k --type dataset --include \"main/*\"",
            "hone pull org/model --revision refs/pr/1 --include \"*.safetensors\" --include \"*.json\" --json");
        return command;
    }

    /// <summary>Downloads what is missing, and writes where it is.</summary>
    /// <exception cref="HubException">The name is none, or the hub does not have it or cannot be reached.</exception>
    public ExitCode Run(
        string id,
        HubKind kind,
        string? revision,
        IReadOnlyList<string> include,
        IReadOnlyList<string> exclude,
        bool asJson)
    {
        var name = HubName.Parse(revision is null ? id : $"{id}@{revision}", kind);
        var found = session.Hub.Pull(name, include, exclude);
        if (asJson)
        {
            JsonLine.Write(session.Terminal.Output, json =>
            {
                json.WriteString("name", name.Id);
                json.WriteString("type", RepositoryType.NameOf(kind));
                json.WriteString("commit", Path.GetFileName(found.Path));
                json.WriteString("folder", found.Path);
            });
        }
        else
        {
            session.Terminal.Output.WriteLine(found.Path);
        }

        return ExitCode.Done;
    }

    private static Option<string[]> Patterns(string name, string what) => new(name)
    {
        HelpName = "GLOB",
        Description = $"{what}; may be given several times",
        AllowMultipleArgumentsPerToken = false,
    };
}
