using System.Text.Json;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text.Chat.Jinja;

namespace Hone.Conformance.Checks.Templates;

/// <summary>Schemas of tools as templates print them. How a function of Python becomes one is no matter of this
/// library.</summary>
public sealed class ToolSchemaCheck : ICheck
{
    public string Area => "templates";

    public IReadOnlyList<string> Kinds => ["tool_schemas"];

    public string? NotOffered(GoldenCase golden) =>
        golden.Record.Find("schema") is null ? "functions of Python are not read" : null;

    public void Run(GoldenCase golden, Findings findings)
    {
        var variables = new Dictionary<string, JsonElement> { ["schema"] = golden.Record["schema"].Json };
        findings.Same("rendered", golden.Record["rendered"].Text.TrimEnd('\n'), Print("{{ schema|tojson }}"));
        findings.Same("rendered_indent_4", golden.Record["rendered_indent_4"].Text.TrimEnd('\n'), Print("{{ schema|tojson(indent=4) }}"));

        string Print(string source) => JinjaTemplate.Compile(source, "template").Render(variables, FixedClock.Recorded).Text;
    }
}
