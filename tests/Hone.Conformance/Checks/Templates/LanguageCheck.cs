using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text.Chat.Jinja;

namespace Hone.Conformance.Checks.Templates;

/// <summary>Small templates in every corner of the language.</summary>
public sealed class LanguageCheck : ICheck
{
    public string Area => "templates";

    public IReadOnlyList<string> Kinds => ["language"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var record = golden.Record;
        var source = record["template"].Text;
        var variables = record["context"].Entries.ToDictionary(entry => entry.Name, entry => entry.Value.Json);
        if (record.Find("expected") is { } expected)
        {
            var rendered = JinjaTemplate.Compile(source, "template").Render(variables, FixedClock.Recorded);
            findings.Same("rendered", expected.Text, rendered.Text);
            return;
        }

        var error = record["error"];
        if (error["stage"].Text == "compile")
        {
            TemplateFault.Compare(error, () => JinjaTemplate.Compile(source, "template"), findings);
            return;
        }

        var template = JinjaTemplate.Compile(source, "template");
        TemplateFault.Compare(error, () => template.Render(variables, FixedClock.Recorded), findings);
    }
}
