using Hone.Models;
using Hone.Models.Generation;
using Hone.Training.Recipes;

namespace Hone.Cli.Generating;

/// <summary>What the command line says of sampling; what it does not say is the model's own choice.</summary>
internal sealed record SamplingChoice
{
    /// <summary>Tokens after which a completion ends.</summary>
    public int MaxNewTokens { get; init; } = 128;

    /// <summary>What logits are divided by; 0 takes the likeliest token.</summary>
    public double? Temperature { get; init; }

    /// <summary>How many of the likeliest tokens can be chosen.</summary>
    public int? TopK { get; init; }

    /// <summary>Mass of the likeliest tokens that can be chosen.</summary>
    public double? TopP { get; init; }

    /// <summary>Part of the greatest probability below which no token is chosen.</summary>
    public double? MinP { get; init; }

    /// <summary>What the logits of tokens that have been seen are divided by.</summary>
    public double? RepetitionPenalty { get; init; }

    /// <summary>Texts that end a completion.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Decides every draw.</summary>
    public long Seed { get; init; }

    /// <summary>The options for a model.</summary>
    /// <param name="model">What the model's files say.</param>
    /// <exception cref="OptionsException">A value is out of range, or something is asked for that greedy choice cannot
    /// honour.</exception>
    public SamplingOptions For(GenerationDefaults model)
    {
        var options = model.Sampling with
        {
            MaxNewTokens = MaxNewTokens,
            Temperature = Temperature ?? model.Sampling.Temperature,
            TopK = TopK ?? model.Sampling.TopK,
            TopP = TopP ?? model.Sampling.TopP,
            MinP = MinP ?? model.Sampling.MinP,
            RepetitionPenalty = RepetitionPenalty ?? model.Sampling.RepetitionPenalty,
            StopTokens = model.StopTokens,
            StopStrings = [.. Stop],
            Seed = (ulong)Seed,
        };
        if (options.Problems().ToList() is [_, ..] problems)
        {
            throw OptionsException.Of(problems.ConvertAll(Named));
        }

        (bool Given, string Name)[] filters =
            [(TopK is not null, "--top-k"), (TopP is not null, "--top-p"), (MinP is not null, "--min-p")];
        return options.IsGreedy && filters.FirstOrDefault(filter => filter.Given) is { Name: { } name }
            ? throw new OptionsException(
                $"{name}: must go with a temperature above 0, which is 0"
                + $"{(Temperature is null ? " by the model's own choice" : "")}; add --temperature 1")
            : options;
    }

    /// <summary>A problem under the name that the user gave the value by; what was not given is from the model's
    /// file.</summary>
    private string Named(string problem) => problem.Split(':', 2) switch
    {
        ["stop_strings", var rule] => $"--stop:{rule}",
        ["top_p", var rule] when TopP is not null => $"--top-p:{rule}",
        _ => $"{GenerationDefaults.FileName}: {problem}",
    };
}
