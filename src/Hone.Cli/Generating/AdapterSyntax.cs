using System.CommandLine;
using System.Globalization;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Files;
using Hone.Training.Recipes;

namespace Hone.Cli.Generating;

/// <summary>Adapters on the command line: <c>--adapter DIR</c> or <c>--adapter DIR=WEIGHT</c>, any number of
/// times.</summary>
internal static class AdapterSyntax
{
    /// <summary>The option.</summary>
    public static Option<string[]> Option() => new("--adapter")
    {
        HelpName = "DIR[=WEIGHT]",
        Description = "An adapter to switch on, a folder or org/name of the hub; several add up, each times its weight",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>What one text names.</summary>
    /// <exception cref="OptionsException">Its weight is no number.</exception>
    public static NamedAdapter Read(string text)
    {
        if (Directory.Exists(text) || text.LastIndexOf('=') is not (> 0 and var at))
        {
            return new NamedAdapter(text);
        }

        return double.TryParse(text.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)
            && double.IsFinite(weight)
            ? new NamedAdapter(text[..at], weight)
            : throw new OptionsException($"--adapter: must be DIR or DIR=WEIGHT with a number, got {text}");
    }

    /// <summary>What one text names, downloaded where it is on the hub.</summary>
    /// <param name="session">Finds what is on the hub.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="OptionsException">Its weight is no number.</exception>
    public static NamedAdapter Find(Session session, string text)
    {
        var named = Read(text);
        return named with { Folder = session.Hub.Model(named.Folder) };
    }

    /// <summary>The model and the adapters that a command names; a folder of an adapter in the place of the model
    /// stands for the model that it names, and itself.</summary>
    /// <param name="session">Finds what is on the hub.</param>
    /// <param name="model">What is named as the model.</param>
    /// <param name="adapters">What is named as adapters.</param>
    public static (string Model, IReadOnlyList<NamedAdapter> Adapters) Find(
        Session session, string model, IReadOnlyList<string>? adapters)
    {
        var path = session.Hub.Model(model);
        IReadOnlyList<NamedAdapter> named = [.. (adapters ?? []).Select(text => Find(session, text))];
        return !AdapterFolder.IsAdapter(path)
            ? (path, named)
            : (AdapterFolder.FindBaseModel(path) ?? session.Hub.Model(AdapterFolder.BaseModelName(path)),
                [new NamedAdapter(path), .. named]);
    }
}
