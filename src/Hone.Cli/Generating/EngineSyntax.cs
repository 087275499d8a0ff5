using System.CommandLine;
using Hone.Cli.Syntax;
using Hone.Models.Generation;

namespace Hone.Cli.Generating;

/// <summary>The options of the generation engine, which several commands share.</summary>
internal sealed class EngineSyntax
{
    private readonly Option<string> _weights = ChoiceOption.Of(
        "--weights",
        "How weights are kept: as --compute says, or in 8 or 4 bits, which is faster and less exact; "
            + "`hone score --compare` says by how much; or as a GGUF file stores them",
        standard: "compute",
        "compute",
        "int8",
        "int4",
        "stored");

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
        Weights = parsed.GetValue(_weights) switch
        {
            "int8" => GenerationWeights.Int8,
            "int4" => GenerationWeights.Int4,
            "stored" => GenerationWeights.Stored,
            _ => GenerationWeights.Compute,
        },
        Cache = parsed.GetValue(_cache) == "int8" ? GenerationCache.Int8 : GenerationCache.Compute,
    };
}
