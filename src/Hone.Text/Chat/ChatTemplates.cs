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

    /// <summary>The model's own template; where it has none, the built-in layout.</summary>
    /// <param name="path">The model's folder, or its GGUF file; null for none.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="clock">The time that the template sees.</param>
    /// <exception cref="TokenizerException">The template is not Jinja, or there are several and none is usual.</exception>
    public static IChatTemplate For(string? path, Tokenizer tokenizer, TimeProvider clock)
    {
        var found = path is null ? [] : Read(path);
        if (found.Count == 0)
        {
            return ChatTemplate.ChatMlFor(tokenizer);
        }

        if (!found.TryGetValue(Usual, out var usual))
        {
            throw new TokenizerException(
                path!, $"one of several chat templates must be called {Usual}, but they are called {string.Join(", ", found.Keys)}");
        }

        var template = Compile(usual);
        return new JinjaChatTemplate(
            template, found.TryGetValue(WithTools, out var tools) ? Compile(tools) : template, tokenizer, clock);
    }

    /// <summary>The text of the template that a model folder comes with; null where there is none.</summary>
    internal static string? TextOf(string folder) => Read(folder).TryGetValue(Usual, out var usual) ? usual.Text : null;

    /// <summary>The templates by name, each with the file that it is in.</summary>
    /// <remarks>A file of its own comes before <c>tokenizer_config.json</c>; further ones lie in a folder.</remarks>
    private static Dictionary<string, (string Text, string File)> Read(string path)
    {
        var found = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        if (File.Exists(path))
        {
            if (TextOfGguf(path) is { } text)
            {
                found[Usual] = (text, path);
            }

            return found;
        }

        ReadFields(Path.Combine(path, "tokenizer_config.json"), found);
        ReadFields(Path.Combine(path, "chat_template.json"), found);
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

        if (found.Count == 0 && Directory.Exists(path) && Directory.GetFiles(path, "*.gguf") is [var only] && TextOfGguf(only) is { } inside)
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
            return GgufHeader.Read(file).Metadata.GetValueOrDefault("tokenizer.chat_template") is GgufValue.Text { Value: var text } ? text : null;
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
                fault.Line is { } line ? $"{template.File}:{line}" : template.File, $"must be a template in Jinja, but {fault.Problem}", fault);
        }
    }
}
