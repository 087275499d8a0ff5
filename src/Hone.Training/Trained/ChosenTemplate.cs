namespace Hone.Training.Trained;

/// <summary>The chat template that a recipe puts in the place of the model's own.</summary>
internal static class ChosenTemplate
{
    /// <summary>Writes it beside a tokenizer's files, where it counts before the one that they hold.</summary>
    /// <param name="text">Its text; null where the recipe names none.</param>
    /// <param name="folder">Where to.</param>
    public static void Write(string? text, string folder)
    {
        if (text is not null)
        {
            File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), text);
        }
    }
}
