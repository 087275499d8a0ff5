using Hone.Text;

namespace Hone.Cli.Generating;

/// <summary>Says that a model brings no chat template.</summary>
internal static class TemplateNote
{
    /// <summary>Writes a note where the built-in layout stands in for a template.</summary>
    public static void Write(TextWriter errors, IChatTemplate template)
    {
        if (template is ChatTemplate)
        {
            errors.WriteLine($"note: {ChatTemplate.Note}");
        }
    }
}
