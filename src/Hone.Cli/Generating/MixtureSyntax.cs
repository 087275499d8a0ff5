using System.CommandLine;
using Hone.Cli.Syntax;
using Hone.Models.Adapters.Combining;
using Hone.Training.Recipes;

namespace Hone.Cli.Generating;

/// <summary>The options of <c>hone adapter combine</c>.</summary>
internal sealed class MixtureSyntax
{
    private static readonly Dictionary<string, MixtureKind> Kinds = new(StringComparer.Ordinal)
    {
        ["cat"] = MixtureKind.Cat,
        ["linear"] = MixtureKind.Linear,
        ["svd"] = MixtureKind.Svd,
        ["ties"] = MixtureKind.Ties,
        ["ties_svd"] = MixtureKind.TiesSvd,
        ["magnitude_prune"] = MixtureKind.MagnitudePrune,
    };

    private readonly Option<string> _kind = ChoiceOption.Of(
        "--kind",
        "The exact sum (ranks add up), sums of factors, or the nearest of a rank; ties and magnitude_prune keep the "
            + "largest numbers",
        standard: "cat",
        Kinds.Keys);

    private readonly Option<int?> _rank = NumberOption.Optional(
        "--rank", "R", "The rank of svd and ties_svd; by default the largest of the adapters", least: 1);

    private readonly Option<double?> _density = NumberOption.Optional(
        "--density", "D", "The share of numbers that ties, ties_svd and magnitude_prune keep", least: 0.0, most: 1);

    private readonly Option<string?> _votes = ChoiceOption.Optional(
        "--votes",
        "Whether signs of ties are elected by magnitude (total) or by number (frequency)",
        "total",
        "frequency");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] options = [_kind, _rank, _density, _votes];
        foreach (var option in options)
        {
            command.Add(option);
        }
    }

    /// <summary>What was said.</summary>
    /// <exception cref="OptionsException">An option is given that the way has no use for, or one that it needs is
    /// missing.</exception>
    public MixtureOptions Read(ParseResult parsed)
    {
        var name = parsed.GetRequiredValue(_kind);
        var kind = Kinds[name];
        var decomposes = kind is MixtureKind.Svd or MixtureKind.TiesSvd;
        var prunes = kind is MixtureKind.Ties or MixtureKind.TiesSvd or MixtureKind.MagnitudePrune;
        var elects = kind is MixtureKind.Ties or MixtureKind.TiesSvd;
        Refuse("--rank", parsed.GetValue(_rank) is not null && !decomposes, "svd or ties_svd");
        Refuse("--density", parsed.GetValue(_density) is not null && !prunes, "ties, ties_svd or magnitude_prune");
        Refuse("--votes", parsed.GetValue(_votes) is not null && !elects, "ties or ties_svd");
        if (prunes && parsed.GetValue(_density) is not > 0)
        {
            throw new OptionsException($"--density: must be given above 0 with --kind {name}, such as 0.5");
        }

        return new MixtureOptions
        {
            Kind = kind,
            Rank = parsed.GetValue(_rank),
            Density = parsed.GetValue(_density) ?? 1,
            VotesByMagnitude = parsed.GetValue(_votes) != "frequency",
        };

        void Refuse(string option, bool isIdle, string kinds)
        {
            if (isIdle)
            {
                throw new OptionsException($"{option}: must go with --kind {kinds}, got --kind {name}");
            }
        }
    }
}
