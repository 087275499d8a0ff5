using System.CommandLine;
using Hone.Models.Generation;

namespace Hone.Cli.Generating;

/// <summary>The options of the generation engine, which several commands share.</summary>
internal sealed class EngineSyntax
{
    private readonly Option<string> _weights = Choice(
        "--weights",
        "How weights are kept: as --compute says, or in 8 or 4 bits, which is faster and less exact; "
            + "`hone score --compare` says by how much; or as a GGUF file stores them",
        "compute",
        "int8",
        "int4",
        "stored");

    private readonly Option<string> _cache = Choice(
        "--cache", "How keys and values are kept: as --compute says, or in 8 bits", "compute", "int8");

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

    // The first is the default.
    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name)
        {
            HelpName = string.Join('|', values),
            Description = description,
            DefaultValueFactory = _ => values[0],
        };
        option.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && !values.Contains(token.Value))
            {
                given.AddError($"{name}: must be {string.Join(", ", values[..^1])} or {values[^1]}, got {token.Value}");
            }
        });
        return option;
    }
}
