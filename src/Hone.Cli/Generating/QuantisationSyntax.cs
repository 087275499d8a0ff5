using System.CommandLine;
using Hone.Cli.Syntax;
using Hone.Models.Quantisation;
using Hone.Training.Recipes;

namespace Hone.Cli.Generating;

/// <summary><c>--quantisation nf4|fp4 [--double-quantisation]</c>: a model as QLoRA trains on it.</summary>
internal sealed class QuantisationSyntax
{
    private readonly Option<string?> _table = ChoiceOption.Optional(
        "--quantisation",
        "Keep linear layers but the head in 4 bits, as model.quantisation of a recipe does",
        "nf4",
        "fp4");

    private readonly Option<bool> _double = new("--double-quantisation")
    {
        Description = "Keep the scales of --quantisation in 8 bits",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_table);
        command.Add(_double);
    }

    /// <summary>What was said; null where nothing was.</summary>
    /// <exception cref="OptionsException">Scales are to be kept in 8 bits that there are not.</exception>
    public FourBitOptions? Read(ParseResult parsed)
    {
        var options = new ModelOptions
        {
            Path = "",
            Quantisation = parsed.GetValue(_table) switch
            {
                "nf4" => QuantisationChoice.Nf4,
                "fp4" => QuantisationChoice.Fp4,
                _ => QuantisationChoice.None,
            },
            DoubleQuantisation = parsed.GetValue(_double),
        };
        return options is { DoubleQuantisation: true, Quantisation: QuantisationChoice.None }
            ? throw new OptionsException("--double-quantisation: must go with --quantisation, which is missing")
            : options.ToFourBits();
    }
}
