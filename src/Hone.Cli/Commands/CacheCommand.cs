using System.CommandLine;
using System.Text.Json;
using Hone.Cli.Syntax;
using Hone.Cli.Writing;
using Hone.Data.Hub;
using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary><c>hone cache ls | rm NAME...</c></summary>
internal sealed class CacheCommand(TextWriter output, CacheContents cache)
{
    private const int ShortCommit = 7;

    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        CacheCommand Bind() => new(session.Terminal.Output, session.Hub.Cache());
        var json = CommonOptions.Json("one object a repository");
        var list = new Command("ls", "List the models and data sets that were downloaded, and what they take.")
        {
            json,
        };
        list.SetAction(parsed => (int)Bind().List(parsed.GetValue(json)));
        list.Teach(session.Terminal, "hone cache ls", "hone cache ls --json");

        var names = new Argument<string[]>("NAME")
        {
            Description = "org/name, or org/name@revision for one revision of it",
            Arity = ArgumentArity.OneOrMore,
        };
        var type = RepositoryType.Option(null);
        var remove = new Command("rm", "Remove downloaded models and data sets, or revisions of them.") { names, type };
        remove.SetAction(parsed => (int)Bind().Remove(parsed.GetRequiredValue(names), parsed.GetValue(type)));
        remove.Teach(
            session.Terminal,
            "hone cache rm org/model",
            "hone cache rm org/model@main",
            "hone cache rm openai/gsm8k --type dataset");

        var command = new Command("cache", "Look at the folder of downloaded models and data sets, and make room in "
            + "it.")
        {
            list, remove,
        };
        command.Teach(session.Terminal, "hone cache ls", "hone cache rm org/model");
        return command;
    }

    /// <summary>Lists what is there.</summary>
    public ExitCode List(bool asJson)
    {
        var repositories = cache.List();
        if (asJson)
        {
            foreach (var repository in repositories)
            {
                JsonLine.Write(output, json => WriteJson(json, repository));
            }

            return ExitCode.Done;
        }

        var width = repositories.Select(one => one.Id.Length).DefaultIfEmpty().Max();
        foreach (var one in repositories)
        {
            var revisions = one.Revisions.Select(revision => string.Join(
                ' ', [revision.Commit[..Math.Min(ShortCommit, revision.Commit.Length)], .. revision.Refs]));
            var partial = one.PartialBytes > 0 ? $"  ({Quantity.Bytes(one.PartialBytes)} cut off)" : "";
            output.WriteLine(
                $"{RepositoryType.NameOf(one.Kind),-7}  {one.Id.PadRight(width)}  {Quantity.Bytes(one.Bytes),10}  "
                + $"{string.Join(", ", revisions)}{partial}".TrimEnd());
        }

        output.WriteLine($"{Quantity.Bytes(repositories.Sum(one => one.Bytes))} in all");
        return ExitCode.Done;
    }

    /// <summary>Removes repositories or revisions; all names are looked up before the first is removed.</summary>
    /// <exception cref="OptionsException">One of them is not there.</exception>
    public ExitCode Remove(IReadOnlyList<string> names, string? type)
    {
        var all = cache.List();
        List<(string Name, CachedRepository Repository, CachedRevision? Revision)> found =
            [.. names.Select(name => Find(all, name, type))];
        foreach (var (name, repository, revision) in found)
        {
            var freed = revision is null ? cache.Remove(repository) : cache.Remove(repository, revision);
            output.WriteLine($"removed {name}, {Quantity.Bytes(freed)}");
        }

        return ExitCode.Done;
    }

    private static (string Name, CachedRepository Repository, CachedRevision? Revision) Find(
        IReadOnlyList<CachedRepository> all, string text, string? type)
    {
        var name = HubName.Parse(text, HubKind.Model);
        var repository = all
            .Where(one => one.Id == name.Id && (type is null || RepositoryType.NameOf(one.Kind) == type))
            .ToList() switch
        {
            [] => throw new OptionsException($"{text}: must be in the cache, is not; `hone cache ls` lists what is"),
            [var one] => one,
            _ => throw new OptionsException($"{text}: must be one of a model and a data set of that name; add --type"),
        };
        if (!text.Contains('@'))
        {
            return (text, repository, null);
        }

        var revision = repository.Revisions.FirstOrDefault(one =>
            one.Refs.Contains(name.Revision) || (
                name.Revision.Length >= ShortCommit && one.Commit.StartsWith(name.Revision, StringComparison.Ordinal)));
        return (text, repository, revision
            ?? throw new OptionsException($"{text}: must be a revision that the cache has, is none; `hone cache ls` "
                + "lists them"));
    }

    private static void WriteJson(Utf8JsonWriter json, CachedRepository repository)
    {
        json.WriteString("name", repository.Id);
        json.WriteString("type", RepositoryType.NameOf(repository.Kind));
        json.WriteString("folder", repository.Folder);
        json.WriteNumber("bytes", repository.Bytes);
        json.WriteNumber("partial_bytes", repository.PartialBytes);
        json.WriteStartArray("revisions");
        foreach (var revision in repository.Revisions)
        {
            json.WriteStartObject();
            json.WriteString("commit", revision.Commit);
            json.WriteTexts("refs", revision.Refs);
            json.WriteNumber("files", revision.Files);
            json.WriteNumber("bytes", revision.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
