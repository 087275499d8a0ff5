using System.CommandLine;
using Hone.Cli.Syntax;
using Hone.Training.Recipes;

namespace Hone.Cli.Generating;

/// <summary>The options of sampling, which several commands share.</summary>
/// <param name="maxNewTokens">Tokens after which a completion ends, when the user does not say.</param>
internal sealed class SamplingSyntax(int maxNewTokens)
{
    private readonly Option<int> _maxNewTokens = NumberOption.Of(
        "--max-new-tokens", "N", "The most new tokens of a sample", maxNewTokens, least: 1);
    private readonly Option<double?> _temperature = NumberOption.Optional(
        "--temperature",
        "T",
        "What logits are divided by; 0 takes the likeliest token [default: the model's own, else 0]",
        least: 0.0);
    private readonly Option<int?> _topK = NumberOption.Optional(
        "--top-k", "K", "Choose among the K likeliest tokens only; 0 for all", least: 0);
    private readonly Option<double?> _topP = NumberOption.Optional(
        "--top-p", "P", "Choose among the likeliest tokens that have the mass P together", least: 0.0, most: 1);
    private readonly Option<double?> _minP = NumberOption.Optional(
        "--min-p", "P", "Choose only tokens at least P times as probable as the likeliest", least: 0.0, most: 1);
    private readonly Option<double?> _repetitionPenalty = NumberOption.Optional(
        "--repetition-penalty", "R", "Make tokens that have been seen less likely; 1 for none",
        least: 1e-3, most: 1e3);
    private readonly Option<long> _seed = NumberOption.Of(
        "--seed", "S", "Decides every draw, whatever else is in the batch", 0L, least: 0);
    private readonly Option<string[]> _stop = new("--stop")
    {
        HelpName = "TEXT",
        Description = "A text that ends a sample; may be given several times",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string> _compute = CommonOptions.ComputeOption();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] options =
            [_maxNewTokens, _temperature, _topK, _topP, _minP, _repetitionPenalty, _stop, _seed, _compute];
        foreach (var option in options)
        {
            command.Add(option);
        }
    }

    /// <summary>What was said of sampling.</summary>
    public SamplingChoice Read(ParseResult parsed) => new()
    {
        MaxNewTokens = parsed.GetValue(_maxNewTokens),
        Temperature = parsed.GetValue(_temperature),
        TopK = parsed.GetValue(_topK),
        TopP = parsed.GetValue(_topP),
        MinP = parsed.GetValue(_minP),
        RepetitionPenalty = parsed.GetValue(_repetitionPenalty),
        Seed = parsed.GetValue(_seed),
        Stop = parsed.GetValue(_stop) ?? [],
    };

    /// <summary>What was said of the dtype.</summary>
    public ComputeChoice ReadCompute(ParseResult parsed) => CommonOptions.Compute(parsed, _compute);
}
