using System.CommandLine;
using System.Globalization;
using Hone.Cli.Syntax;
using Hone.Models;
using Hone.Models.Generation;
using Hone.Torch;
using Hone.Training;
using Hone.Training.Recipes;

namespace Hone.Cli.Generating;

/// <summary>Speculation on the command line: <c>--speculate lookup|DRAFT_MODEL</c> and <c>--draft-tokens
/// N</c>.</summary>
internal sealed class SpeculationSyntax
{
    private const string FromText = "lookup";

    private readonly Option<string?> _speculate = new("--speculate")
    {
        HelpName = "lookup|MODEL",
        Description =
            "Check several tokens in one pass, copied from the text or drafted by a smaller model; changes no result",
    };

    private readonly Option<int> _draftTokens =
        NumberOption.Of("--draft-tokens", "N", "Tokens of a draft", 4, least: 1, most: 64);

    private readonly Option<string> _draftWeights = EngineSyntax.WeightsOption(
        "--draft-weights", "How the draft model's weights are kept, as with --weights; changes no result");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_speculate);
        command.Add(_draftTokens);
        command.Add(_draftWeights);
    }

    /// <summary>Loads what was asked for.</summary>
    /// <param name="session">Finds what is on the hub.</param>
    /// <param name="parsed">What was said.</param>
    /// <param name="compute">The dtype of products.</param>
    /// <exception cref="CheckpointException">The draft model cannot be used.</exception>
    /// <exception cref="OptionsException">Something is said of drafts that nobody makes.</exception>
    public OpenSpeculation Open(Session session, ParseResult parsed, ComputeChoice compute)
    {
        var (source, tokens) = (parsed.GetValue(_speculate), parsed.GetValue(_draftTokens));
        RefuseAlone(parsed, _draftTokens, source is null, "--speculate");
        RefuseAlone(parsed, _draftWeights, source is null or FromText, "--speculate MODEL");
        if (source is null or FromText)
        {
            return new OpenSpeculation(
                source is null ? null : new Speculation.Lookup { DraftTokens = tokens }, null);
        }

        var type = ComputeDecision.Of(compute, Processor.Detect()).DType;
        var weights = EngineSyntax.ReadWeights(parsed, _draftWeights);
        var folder = ModelFolder.Load(
            session.Hub.Model(source), [], DType.Float32, type, blocksAlone: weights == GenerationWeights.Stored);
        return new OpenSpeculation(
            new Speculation.Draft(folder.Decoder) { DraftTokens = tokens, Weights = weights }, folder);
    }

    private static void RefuseAlone(ParseResult parsed, Option option, bool isAlone, string company)
    {
        if (isAlone && parsed.GetResult(option) is { Implicit: false })
        {
            throw new OptionsException($"{option.Name}: must go with {company}, which is not given");
        }
    }

    /// <summary>What came of it, in words.</summary>
    public static string Describe(GenerationUsage usage) => string.Create(
        CultureInfo.InvariantCulture,
        $"speculation: {usage.AcceptedTokens} of {usage.DraftedTokens} drafted tokens were right "
            + $"({100 * usage.AcceptanceRate:0.#} %); {usage.NewTokens} new tokens in {usage.Passes} passes");
}

/// <summary>A way to speculate, with the draft model that it needs.</summary>
/// <param name="Speculation">The way; null for none.</param>
/// <param name="Model">The draft model; disposed of with this.</param>
internal sealed record OpenSpeculation(Speculation? Speculation, ModelFolder? Model) : IDisposable
{
    /// <summary>What an engine is to do.</summary>
    public EngineOptions Options => new() { Speculation = Speculation };

    /// <summary>Keeps what the draft model computes from run to run of an engine.</summary>
    /// <param name="options">The engine's options.</param>
    /// <param name="cache">Where it is kept, to be disposed of; null where no model drafts.</param>
    /// <returns>The options with it.</returns>
    public static EngineOptions Remember(EngineOptions options, out PrefixCache? cache)
    {
        cache = null;
        if (options.Speculation is not Speculation.Draft draft)
        {
            return options;
        }

        cache = draft.CreateCache(options);
        return options with { Speculation = draft with { Prefixes = cache } };
    }

    /// <inheritdoc/>
    public void Dispose() => Model?.Dispose();
}
