using System.CommandLine;
using Hone.Cli.Syntax;
using Hone.Models.Generation;

namespace Hone.Cli.Generating;

/// <summary>The options of the generation engine, which several commands share.</summary>
internal sealed class EngineSyntax
{
    private readonly Option<string> _weights = WeightsOption(
        "--weights",
        "How weights are kept: as --compute says, or in 8 or 4 bits, which is faster and less exact; "
            + "`hone score --compare` says by how much; or as a GGUF file stores them");

    private readonly Option<string> _cache = ChoiceOption.Of(
        "--cache",
        "How keys and values are kept: as --compute says, or in 8 bits",
        standard: "compute",
        "compute",
        "int8");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_weights);
        command.Add(_cache);
    }

    /// <summary>What was said.</summary>
    public EngineOptions Read(ParseResult parsed) => Over(new EngineOptions(), parsed);

    /// <summary>What was said, and all else as given.</summary>
    public EngineOptions Over(EngineOptions options, ParseResult parsed) => options with
    {
        Weights = ReadWeights(parsed, _weights),
        Cache = parsed.GetValue(_cache) == "int8" ? GenerationCache.Int8 : GenerationCache.Compute,
    };

    /// <summary>An option that says how weights are kept.</summary>
    public static Option<string> WeightsOption(string name, string description) =>
        ChoiceOption.Of(name, description, standard: "compute", "compute", "int8", "int4", "stored");

    /// <summary>What was said with <see cref="WeightsOption"/>.</summary>
    public static GenerationWeights ReadWeights(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) switch
        {
            "int8" => GenerationWeights.Int8,
            "int4" => GenerationWeights.Int4,
            "stored" => GenerationWeights.Stored,
            _ => GenerationWeights.Compute,
        };
}
