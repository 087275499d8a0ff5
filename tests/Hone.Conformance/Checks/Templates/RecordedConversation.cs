using System.Text.Json;
using Hone.Conformance.Goldens;
using Hone.Text;
using Hone.Text.Chat.Jinja;

namespace Hone.Conformance.Checks.Templates;

/// <summary>A conversation of a record with the template that lays it out.</summary>
internal sealed record RecordedConversation(
    IReadOnlyList<Message> Messages,
    ConversationInputs Inputs,
    bool AddGenerationPrompt,
    Tokenizer Tokenizer,
    JinjaChatTemplate Template)
{
    private static readonly string[] Known =
    [
        "add_generation_prompt", "continue_final_message", "tools", "documents", "tokenize", "return_dict",
        "truncation", "max_length", "padding",
    ];

    /// <summary>Reads a record, whose conversation may lie in <c>conversations.json</c>.</summary>
    /// <param name="golden">The record.</param>
    /// <param name="turns">The conversation in it, or its name.</param>
    public static RecordedConversation Of(GoldenCase golden, Field turns)
    {
        var record = golden.Record;
        var named = turns.Json.ValueKind == JsonValueKind.String;
        var conversation = named ? Named(golden, turns.Text) : turns;
        var options = golden.Options;
        var area = golden.Folders.InArea("../tokenizers/small/" + record["tokenizer"].Text);
        var tokenizer = Tokenizer.Load(area);
        var special = GoldenFile.Read(golden.Folders.InArea("tokenizers.json")).Lines[0];
        var variables = special[record["tokenizer"].Text].Entries
            .Concat(options.Entries.Where(option => !Known.Contains(option.Name)))
            .GroupBy(entry => entry.Name, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Last().Value.Json, StringComparer.Ordinal);
        var inputs = new ConversationInputs
        {
            Tools = (options.Value("tools") ?? (named ? conversation.Value("tools") : null))?.Json,
            Documents = options.Value("documents")?.Json,
            Variables = variables,
        };
        var messages = named ? conversation["messages"] : conversation;
        return new RecordedConversation(
            [.. messages.Items.Select(Turn)],
            inputs,
            options.FlagOr("add_generation_prompt", named && conversation.FlagOr("add_generation_prompt", false)),
            tokenizer,
            TemplateOf(golden, tokenizer));
    }

    private static Message Turn(Field turn)
    {
        var content = turn.Value("content") is { Json.ValueKind: JsonValueKind.String } text ? text.Text : "";
        return new Message(turn.TextOr("role", ""), content) { Fields = turn.Json };
    }

    private static Field Named(GoldenCase golden, string name) =>
        GoldenFile.Read(golden.Folders.InArea("conversations.json")).Lines[0].Items
            .First(conversation => conversation["name"].Text == name);

    private static JinjaChatTemplate TemplateOf(GoldenCase golden, Tokenizer tokenizer)
    {
        if (golden.Record.Value("tokenizer_chat_template") is { } named)
        {
            return OfFolder(named, golden.Record.Value("template_text")?.Text ?? "", tokenizer);
        }

        var source = golden.Record.Value("template") is { } file
            ? File.ReadAllText(golden.Folders.Fixture(file.Text))
            : golden.Record["template_text"].Text;
        var template = JinjaTemplate.Compile(source, "template");
        return new JinjaChatTemplate(template, template, tokenizer, FixedClock.Recorded);
    }

    /// <summary>The templates of a model's folder, of which one may be chosen by its name. A text that is no name is
    /// there a template itself; here it is in a file.</summary>
    private static JinjaChatTemplate OfFolder(Field named, string chosen, Tokenizer tokenizer)
    {
        var folder = Directory.CreateTempSubdirectory("hone-conformance-");
        try
        {
            var list = named.Entries.Select(entry => new { name = entry.Name, template = entry.Value.Text });
            File.WriteAllText(
                Path.Combine(folder.FullName, "tokenizer_config.json"),
                JsonSerializer.Serialize(new { chat_template = list }));
            if (chosen.Length > 0 && named.Find(chosen) is null)
            {
                var file = Path.Combine(folder.FullName, "chosen.jinja");
                File.WriteAllText(file, chosen);
                chosen = file;
            }

            return (JinjaChatTemplate)ChatTemplates.For(
                folder.FullName, tokenizer, FixedClock.Recorded, new ChatTemplateChoice { Template = chosen });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
