using System.Text.Json;
using Hone.Text.Chat.Jinja;
using Hone.Text.Gguf;
using Hone.Text.Reading;

namespace Hone.Text;

/// <summary>Finds the chat template that a model comes with.</summary>
public static class ChatTemplates
{
    private const string Usual = "default";
    private const string WithTools = "tool_use";
    private const string Field = "chat_template";

    /// <summary>The template that is chosen; where the model has none, the built-in layout.</summary>
    /// <param name="path">The model's folder, a file of its tokenizer, or its GGUF file; null for none.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="clock">The time that the template sees.</param>
    /// <param name="choice">Which template, and what it is given; null for the usual one.</param>
    /// <exception cref="TokenizerException">There is no such template, it is not Jinja, or there are several and none
    /// is usual.</exception>
    public static IChatTemplate For(
        string? path, Tokenizer tokenizer, TimeProvider clock, ChatTemplateChoice? choice = null)
    {
        choice ??= ChatTemplateChoice.Usual;
        var found = path is null ? [] : Read(path);
        if (choice.Template.Length > 0)
        {
            return Of(Chosen(found, choice.Template), withTools: null);
        }

        if (found.Count == 0)
        {
            return choice.Defaults is { Tools: null, Documents: null, Variables.Count: 0 }
                ? ChatTemplate.ChatMlFor(tokenizer)
                : throw ChatTemplate.ShowsTextAlone();
        }

        return found.TryGetValue(Usual, out var usual)
            ? Of(usual, found.TryGetValue(WithTools, out var tools) ? tools : null)
            : throw new TokenizerException(
                path!,
                $"one of several chat templates must be called {Usual}, but they are called {Names(found)}; choose "
                    + "one by its name");

        IChatTemplate Of((string Text, string File) source, (string Text, string File)? withTools)
        {
            var template = Compile(source);
            return new JinjaChatTemplate(
                template, withTools is { } other ? Compile(other) : template, tokenizer, clock, choice.Defaults);
        }
    }

    /// <summary>The text of a template that is chosen by its name or is a file.</summary>
    /// <param name="path">The model's folder, a file of its tokenizer, or its GGUF file; null for none.</param>
    /// <param name="chosen">The name of a template that the model comes with, or a file.</param>
    /// <exception cref="TokenizerException">There is none.</exception>
    public static string TextOf(string? path, string chosen) => Chosen(path is null ? [] : Read(path), chosen).Text;

    private static (string Text, string File) Chosen(
        Dictionary<string, (string Text, string File)> found, string chosen)
    {
        if (found.TryGetValue(chosen, out var named))
        {
            return named;
        }

        return File.Exists(chosen)
            ? (File.ReadAllText(chosen), chosen)
            : throw new TokenizerException(
                "chat template",
                $"must be a file or the name of one that the model comes with ({Names(found)}), got \"{chosen}\"");
    }

    private static string Names(Dictionary<string, (string Text, string File)> found) =>
        found.Count == 0 ? "none" : string.Join(", ", found.Keys.Order(StringComparer.Ordinal));

    /// <summary>The text of the template that a model folder comes with; null where there is none.</summary>
    internal static string? TextOf(string folder) => Read(folder).TryGetValue(Usual, out var usual) ? usual.Text : null;

    /// <summary>The templates by name, each with the file that it is in.</summary>
    /// <remarks>What counts is read last: a file of its own comes before <c>tokenizer_config.json</c>, and that before
    /// <c>chat_template.json</c>; further ones lie in a folder.</remarks>
    private static Dictionary<string, (string Text, string File)> Read(string path)
    {
        var found = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        if (File.Exists(path))
        {
            if (TextOfGguf(path) is { } text)
            {
                found[Usual] = (text, path);
                return found;
            }

            path = Path.GetDirectoryName(Path.GetFullPath(path))!; // a file of the tokenizer: templates lie beside it
        }

        ReadFields(Path.Combine(path, "chat_template.json"), found);
        ReadFields(Path.Combine(path, "tokenizer_config.json"), found);
        var alone = Path.Combine(path, "chat_template.jinja");
        if (File.Exists(alone))
        {
            found[Usual] = (File.ReadAllText(alone), alone);
        }

        var others = Path.Combine(path, "additional_chat_templates");
        foreach (var file in Directory.Exists(others) ? Directory.EnumerateFiles(others, "*.jinja") : [])
        {
            found[Path.GetFileNameWithoutExtension(file)] = (File.ReadAllText(file), file);
        }

        if (found.Count == 0 && Directory.Exists(path) && Directory.GetFiles(path, "*.gguf") is [var only]
            && TextOfGguf(only) is { } inside)
        {
            found[Usual] = (inside, only);
        }

        return found;
    }

    private static void ReadFields(string file, Dictionary<string, (string, string)> found)
    {
        if (!File.Exists(file) || JsonPart.Open(file).Find(Field) is not { } template)
        {
            return;
        }

        if (template.Element.ValueKind != JsonValueKind.Array)
        {
            found[Usual] = (template.Text(), file);
            return;
        }

        foreach (var named in template.Items())
        {
            found[named.Get("name").Text()] = (named.Get("template").Text(), file);
        }
    }

    private static string? TextOfGguf(string file)
    {
        try
        {
            var metadata = GgufHeader.Read(file).Metadata;
            return (metadata.GetValueOrDefault("tokenizer.chat_template") as GgufValue.Text)?.Value;
        }
        catch (Exception fault) when (fault is FormatException or EndOfStreamException)
        {
            return null; // a tokenizer in a file of another kind
        }
    }

    private static JinjaTemplate Compile((string Text, string File) template)
    {
        try
        {
            return JinjaTemplate.Compile(template.Text, template.File);
        }
        catch (JinjaException fault)
        {
            throw new TokenizerException(
                fault.Line is { } line ? $"{template.File}:{line}" : template.File,
                $"must be a template in Jinja, but {fault.Problem}",
                fault);
        }
    }
}
