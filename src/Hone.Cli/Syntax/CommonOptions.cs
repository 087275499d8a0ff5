using System.CommandLine;

namespace Hone.Cli.Syntax;

/// <summary>Options and arguments that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary><c>--json</c>.</summary>
    /// <param name="what">What is written, such as <c>one object a row</c>.</param>
    public static Option<bool> Json(string what) => new("--json") { Description = $"Write {what} as JSON, and nothing else, to standard output" };

    /// <summary>The folder of a model.</summary>
    public static Argument<string> Model() => new("MODEL") { Description = "The folder of a model: config.json, safetensors, tokenizer" };

    /// <summary><c>--set key=value</c>, any number of times.</summary>
    public static Option<string[]> Set() => new("--set")
    {
        HelpName = "key=value",
        Description = "Replace or add a value of the recipe, such as optimizer.learning_rate=1e-4; may be given several times",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };
}
