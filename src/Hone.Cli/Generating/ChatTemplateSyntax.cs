using System.CommandLine;
using System.Text.Json;
using Hone.Data;
using Hone.Text;
using Hone.Training.Recipes;

namespace Hone.Cli.Generating;

/// <summary>The options of chat templates, which several commands share.</summary>
internal sealed class ChatTemplateSyntax
{
    private readonly Option<string?> _template = new("--template")
    {
        HelpName = "NAME|FILE",
        Description = "The chat template: one that the model comes with, by name, or a file [default: its usual one]",
    };

    private readonly Option<string[]> _variables = new("--template-set")
    {
        HelpName = "name=value",
        Description = "Give the chat template a variable, such as enable_thinking=false; may be given several times",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _tools = new("--tools")
    {
        HelpName = "FILE",
        Description = "Tools that the model may call: a JSON list of schemas, for conversations without tools of "
            + "their own",
    };

    private readonly Option<string?> _documents = new("--documents")
    {
        HelpName = "FILE",
        Description = "Documents to answer from: a JSON list of objects with title and text",
    };

    private Option[] Options => [_template, _variables, _tools, _documents];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in Options)
        {
            command.Add(option);
        }
    }

    /// <summary>The first of the options that was given; null where none was.</summary>
    public string? FirstGiven(ParseResult parsed) =>
        Options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>What was said of the template.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="otherwise">What counts where nothing was said.</param>
    /// <exception cref="DataException">A file does not hold a list of objects.</exception>
    /// <exception cref="OptionsException">A variable has no name.</exception>
    public ChatTemplateChoice Read(ParseResult parsed, ChatTemplateChoice? otherwise = null)
    {
        otherwise ??= ChatTemplateChoice.Usual;
        var given = new ConversationInputs
        {
            Tools = List("--tools", parsed.GetValue(_tools)),
            Documents = List("--documents", parsed.GetValue(_documents)),
            Variables = (parsed.GetValue(_variables) ?? []).Select(Variable)
                .ToLookup(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => same.Last(), StringComparer.Ordinal),
        };
        return new ChatTemplateChoice
        {
            Template = parsed.GetValue(_template) ?? otherwise.Template,
            Defaults = otherwise.Defaults.With(given),
        };
    }

    private static KeyValuePair<string, JsonElement> Variable(string text) => text.IndexOf('=') is > 0 and var at
        ? KeyValuePair.Create(text[..at], TemplateVariable.Read(text[(at + 1)..]))
        : throw new OptionsException($"--template-set: must be name=value, got {text}");

    private static JsonElement? List(string option, string? file)
    {
        if (file is null)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var list = document.RootElement;
            return list.ValueKind == JsonValueKind.Array
                && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
                    ? list.Clone()
                    : throw new DataException($"{option} {file}: must be a JSON list of objects, got other JSON");
        }
        catch (JsonException fault)
        {
            throw new DataException(
                $"{option} {file}: must be a JSON list of objects, but line {fault.LineNumber + 1} is not JSON");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"{option} {file}: must be a file, there is none");
        }
    }
}
