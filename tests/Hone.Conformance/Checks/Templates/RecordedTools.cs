using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Hone.Conformance.Checks.Templates;

/// <summary>Methods that say the same as recorded functions of Python.</summary>
internal static class RecordedTools
{
    /// <summary>The method that says the same as a function; null where C# has none, as for unions of
    /// types.</summary>
    public static Delegate? Find(string function) => function switch
    {
        "add" => Add,
        "choose" => Choose,
        "nested" => Nested,
        "no_args" => NoArguments,
        _ => null,
    };

    [Description("Add two numbers.")]
    private static void Add([Description("The first one.")] int a, [Description("The second one.")] double b = 1.5)
    {
    }

    [Description("Choose something\nover two lines.")]
    [return: Description("Counts by name.")]
    private static Dictionary<string, int> Choose(
        [Description("Which kind.")][AllowedValues("p", "q")] string kind,
        [Description("Some flags, continued here.")] IReadOnlyList<bool> flags,
        [Description("At most.")] int? limit = null) => [];

    [Description("Nested containers.")]
    private static string Nested([Description("The rows.")] List<Dictionary<string, int[]>> rows) => "";

    [Description("No arguments.")]
    private static void NoArguments()
    {
    }
}
