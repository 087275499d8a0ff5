using System.Text.Json;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text.Chat.Jinja;

namespace Hone.Conformance.Checks.Templates;

/// <summary>Templates that would take a machine's memory or time: each must be stopped by a limit, or give the recorded
/// result.</summary>
public sealed class LimitsCheck : ICheck
{
    public string Area => "templates";

    public IReadOnlyList<string> Kinds => ["limits"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var record = golden.Record;
        try
        {
            var text = JinjaTemplate.Compile(record["template"].Text, "template")
                .Render(new Dictionary<string, JsonElement>(), FixedClock.Recorded).Text;
            if (record["reference"].Value("result") is { } result)
            {
                findings.Same("result", result.Text, text[..Math.Min(text.Length, result.Text.Length)]);
            }
            else
            {
                // A flat loop may compute what recursion cannot; the record says so, and with which result.
                var mayCompute = record["must_stop_by"].Text.Contains($"compute {text}", StringComparison.Ordinal);
                findings.Same("stopped, or as the record allows", true, text.Length > 0 && mayCompute);
            }
        }
        catch (JinjaException fault)
        {
            findings.Same("stopped by a limit", true, fault.IsLimit);
        }
    }
}
