using Hone.Conformance.Goldens;
using Hone.Text;

namespace Hone.Conformance.Checks.Preference;

/// <summary>The chat template of a record: the tokenizer's own, or the file that the record names.</summary>
internal static class RecordedTemplate
{
    /// <summary>Reads it as the product reads that of a model.</summary>
    public static IChatTemplate Of(GoldenCase golden, Tokenizer tokenizer)
    {
        if (golden.Options.Find("chat_template") is not { } file)
        {
            return ChatTemplates.For(
                golden.Folders.Fixture(golden.Options["tokenizer"].Text), tokenizer, TimeProvider.System);
        }

        var folder = Directory.CreateTempSubdirectory("hone-template-");
        try
        {
            File.Copy(golden.Folders.Fixture(file.Text), Path.Combine(folder.FullName, "chat_template.jinja"));
            return ChatTemplates.For(folder.FullName, tokenizer, TimeProvider.System);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
