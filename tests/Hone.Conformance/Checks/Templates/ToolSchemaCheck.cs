using System.Text.Json;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text;
using Hone.Text.Chat.Jinja;

namespace Hone.Conformance.Checks.Templates;

/// <summary>Schemas of tools as templates print them, and those of methods that say the same as the recorded functions
/// of Python.</summary>
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
        findings.Same(
            "rendered_indent_4",
            golden.Record["rendered_indent_4"].Text.TrimEnd('\n'),
            Print("{{ schema|tojson(indent=4) }}"));
        if (RecordedTools.Find(golden.Record["name"].Text) is { } method)
        {
            variables["schema"] = ToolSchema.Of(method, golden.Record["name"].Text);
            findings.Same("schema", golden.Record["rendered"].Text.TrimEnd('\n'), Print("{{ schema|tojson }}"));
        }

        string Print(string source) =>
            JinjaTemplate.Compile(source, "template").Render(variables, FixedClock.Recorded).Text;
    }
}
