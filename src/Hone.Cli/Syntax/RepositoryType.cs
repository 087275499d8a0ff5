using System.CommandLine;
using Hone.Data.Hub;

namespace Hone.Cli.Syntax;

/// <summary><c>--type model|dataset</c>.</summary>
internal static class RepositoryType
{
    /// <summary>The option.</summary>
    /// <param name="standard">What it is when it is not given; null for either.</param>
    public static Option<string?> Option(string? standard)
    {
        var option = ChoiceOption.Optional("--type", "What the repository holds", "model", "dataset");
        if (standard is not null)
        {
            option.DefaultValueFactory = _ => standard;
        }

        return option;
    }

    /// <summary>What the option's value means.</summary>
    public static HubKind Of(string name) => name == "dataset" ? HubKind.Dataset : HubKind.Model;

    /// <summary>The option's value for a kind.</summary>
    public static string NameOf(HubKind kind) => kind == HubKind.Dataset ? "dataset" : "model";
}
