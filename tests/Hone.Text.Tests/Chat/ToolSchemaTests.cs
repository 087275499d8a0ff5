using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Hone.Text.Chat.Jinja;

namespace Hone.Text.Tests.Chat;

/// <summary>Schemas of methods against those that transformers makes of the same functions in Python.</summary>
public sealed class ToolSchemaTests
{
    private enum Unit
    {
        Celsius,
        Fahrenheit,
    }

    [Fact]
    public void Parameters_have_types_and_descriptions_and_are_required_without_a_default() => Same(
        """
        {"type":"function","function":{"name":"add","description":"Add two numbers.","parameters":{"type":"object",
        "properties":{"a":{"type":"integer","description":"The first one."},"b":{"type":"number",
        "description":"The second one."}},"required":["a"]}}}
        """,
        ToolSchema.Of(Add, "add"));

    [Fact]
    public void Choices_lists_null_and_the_return_value_are_told() => Same(
        """
        {"type":"function","function":{"name":"choose","description":"Choose something\nover two lines.","parameters":{
        "type":"object","properties":{"kind":{"type":"string","enum":["p","q"],"description":"Which kind."},
        "flags":{"type":"array","items":{"type":"boolean"},"description":"Some flags, continued here."},
        "limit":{"type":"integer","nullable":true,"description":"At most."}},"required":["kind","flags"]},
        "return":{"type":"object","additionalProperties":{"type":"integer"},"description":"Counts by name."}}}
        """,
        ToolSchema.Of(Choose, "choose"));

    [Fact]
    public void Tuples_dictionaries_and_anything_have_schemas() => Same(
        """
        {"type":"function","function":{"name":"mixed","description":"Mixed types.","parameters":{"type":"object",
        "properties":{"t":{"type":"array","prefixItems":[{"type":"integer"},{"type":"string"}],"description":"Tuple."},
        "d":{"type":"object","description":"Dictionary."},"a":{"description":"Anything."},
        "o":{"type":"number","nullable":true,"description":"Optional."}},"required":["t","d","a","o"]}}}
        """,
        ToolSchema.Of(Mixed, "mixed"));

    [Fact]
    public void Containers_nest_and_a_task_is_what_it_gives() => Same(
        """
        {"type":"function","function":{"name":"nested","description":"Nested containers.","parameters":{"type":"object",
        "properties":{"rows":{"type":"array","items":{"type":"object","additionalProperties":{"type":"array","items":{
        "type":"integer"}}},"description":"The rows."}},"required":["rows"]},"return":{"type":"string"}}}
        """,
        ToolSchema.Of(Nested, "nested"));

    [Fact]
    public void A_method_without_parameters_has_none() => Same(
        """
        {"type":"function","function":{"name":"NoArguments","description":"No arguments.",
        "parameters":{"type":"object","properties":{}}}}
        """,
        ToolSchema.Of(NoArguments));

    [Fact]
    public void An_enum_is_its_names() => Same(
        """
        {"type":"function","function":{"name":"Convert","description":"Convert.","parameters":{"type":"object",
        "properties":{"unit":{"type":"string","enum":["Celsius","Fahrenheit"],"description":"To what."}},
        "required":["unit"]}}}
        """,
        ToolSchema.Of(Convert));

    [Fact]
    public void A_template_shows_the_schemas_of_several_methods()
    {
        var template = JinjaTemplate.Compile("{% for t in tools %}{{ t.function.name }};{% endfor %}", "template");
        var variables = new Dictionary<string, JsonElement> { ["tools"] = ToolSchema.ListOf(NoArguments, Convert) };

        Assert.Equal("NoArguments;Convert;", template.Render(variables, TimeProvider.System).Text);
    }

    [Fact]
    public void What_is_missing_or_has_no_schema_is_told()
    {
        Assert.Equal(
            "NoDescription: a tool must have a [Description], it has none (Parameter 'tool')", Fault(NoDescription));
        Assert.Equal(
            "MissingOne: each parameter must have a [Description], \"b\" has none (Parameter 'method')",
            Fault(MissingOne));
        Assert.Equal(
            "Strange: the parameter \"clock\" must be a number, a text, a truth value, an enum, a list, a tuple, a "
            + "dictionary with texts as keys, or any object, got System.TimeProvider",
            Fault(Strange));
        Assert.EndsWith(
            ": a tool's name must be letters, digits, _, - and . alone; give it a name (Parameter 'tool')",
            Fault([Description("Nameless.")] () => { }),
            StringComparison.Ordinal);
    }

    private static void Same(string expected, JsonElement schema) =>
        Assert.Equal(expected.ReplaceLineEndings(""), JsonSerializer.Serialize(schema));

    private static string Fault(Delegate tool) => Assert.Throws<ArgumentException>(() => ToolSchema.Of(tool)).Message;

    [Description("Add two numbers.")]
    private static void Add([Description("The first one.")] int a, [Description("The second one.")] double b = 1.5)
    {
    }

    [Description("Choose something\nover two lines.")]
    [return: Description("Counts by name.")]
    private static Dictionary<string, int> Choose(
        [Description("Which kind.")][AllowedValues("p", "q")] string kind,
        [Description("Some flags, continued here.")] bool[] flags,
        [Description("At most.")] int? limit = null) => [];

    [Description("Mixed types.")]
    private static void Mixed(
        [Description("Tuple.")] (int Number, string Text) t,
        [Description("Dictionary.")] IReadOnlyDictionary<string, object> d,
        [Description("Anything.")] object? a,
        [Description("Optional.")] float? o)
    {
    }

    [Description("Nested containers.")]
    private static Task<string> Nested(
        [Description("The rows.")] IReadOnlyList<Dictionary<string, List<int>>> rows, CancellationToken cancel) =>
        Task.FromResult("");

    [Description("No arguments.")]
    private static void NoArguments()
    {
    }

    [Description("Convert.")]
    private static void Convert([Description("To what.")] Unit unit)
    {
    }

    private static void NoDescription([Description("A.")] int a)
    {
    }

    [Description("One is not described.")]
    private static void MissingOne([Description("A.")] int a, int b)
    {
    }

    [Description("Strange.")]
    private static void Strange([Description("A clock.")] TimeProvider clock)
    {
    }
}
