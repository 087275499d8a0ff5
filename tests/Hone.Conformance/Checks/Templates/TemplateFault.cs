using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text.Chat.Jinja;

namespace Hone.Conformance.Checks.Templates;

/// <summary>Compares the fault of a template with a recorded one.</summary>
internal static class TemplateFault
{
    // Their texts are those of one version of Python.
    private static readonly string[] ClassesWithoutText = ["TypeError", "ZeroDivisionError", "SyntaxError"];

    /// <summary>Runs what must fail, and compares how.</summary>
    public static void Compare(Field expected, Action run, Findings findings)
    {
        try
        {
            run();
            findings.Fail("error", $"expected {expected["class"].Text}, got none");
        }
        catch (JinjaException fault)
        {
            var kind = expected["class"].Text;
            findings.Same("class", kind, fault.Kind);
            if (!ClassesWithoutText.Contains(kind))
            {
                findings.Same("message", expected["message"].Text, fault.Problem);
                if (expected.Value("line") is { } line)
                {
                    findings.Same("line", (int)line.Whole, fault.Line ?? 0);
                }
            }
        }
    }
}
