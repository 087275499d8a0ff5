using System.CommandLine;
using Hone.Training.Recipes;

namespace Hone.Cli.Syntax;

/// <summary>Options and arguments that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary><c>--json</c>.</summary>
    /// <param name="what">What is written, such as <c>one object a row</c>.</param>
    public static Option<bool> Json(string what) =>
        new("--json") { Description = $"Write {what} as JSON, and nothing else, to standard output" };

    /// <summary>The folder of a model.</summary>
    public static Argument<string> Model() =>
        new("MODEL")
        {
            Description =
                "The folder of a model (config.json, safetensors, tokenizer), a .gguf file, or org/name of the hub",
        };

    /// <summary>A recipe file.</summary>
    public static Argument<string> Recipe() =>
        new("RECIPE") { Description = "A recipe, a YAML file; docs/recipes.md has every key" };

    /// <summary><c>--compute</c>.</summary>
    public static Option<string> ComputeOption() => ChoiceOption.Of(
        "--compute",
        "The dtype of products; auto takes bfloat16 where the processor is faster in it",
        standard: "float32",
        "float32",
        "bfloat16",
        "auto");

    /// <summary>The value of <see cref="ComputeOption"/>.</summary>
    public static ComputeChoice Compute(ParseResult parsed, Option<string> option) => parsed.GetValue(option) switch
    {
        "bfloat16" => ComputeChoice.Bfloat16,
        "auto" => ComputeChoice.Auto,
        _ => ComputeChoice.Float32,
    };

    /// <summary><c>--ranks N</c>.</summary>
    public static Option<int?> Ranks(string description) => NumberOption.Optional("--ranks", "N", description, 1, 1024);

    /// <summary><c>--set key=value</c>, any number of times.</summary>
    public static Option<string[]> Set() => new("--set")
    {
        HelpName = "key=value",
        Description =
            "Replace or add a value of the recipe, such as optimizer.learning_rate=1e-4; may be given several times",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };
}
