using System.Text.Json;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text;
using Hone.Text.Chat.Jinja;

namespace Hone.Conformance.Checks.Templates;

/// <summary>Conversations laid out by a template: with tools, documents, reasoning, unfinished turns.</summary>
public sealed class ApplyCheck : ICheck
{
    public string Area => "templates";

    public IReadOnlyList<string> Kinds => ["apply"];

    public string? NotOffered(GoldenCase golden)
    {
        var (record, options) = (golden.Record, golden.Options);
        return !IsBatch(record) && record["conversation"].Items.Any(turn => turn.Json.ValueKind != JsonValueKind.Object)
                ? "turns that are no objects cannot be expressed"
            : options.FlagOr("return_assistant_tokens_mask", false)
                ? "a mask always comes with its tokens, and never with an unfinished turn"
            : options.Value("continue_final_message") is not null && options.FlagOr("add_generation_prompt", false)
                ? "an unfinished turn and a new one are two methods"
            : record.Value("template") is null && record.Value("template_text") is null
                && record.Value("tokenizer_chat_template") is null
                ? "without a template the built-in layout is used"
            : options.Value("documents") is { } documents
                && documents.Items.Any(document => document.Json.ValueKind != JsonValueKind.Object)
                ? "documents are checked where they are read"
            : null;
    }

    public void Run(GoldenCase golden, Findings findings)
    {
        if (golden.Record.Find("error") is { } error)
        {
            try
            {
                Render(golden);
                findings.Fail("error", $"expected {error["class"].Text}, got none");
            }
            catch (TokenizerException fault)
            {
                if (fault.InnerException is JinjaException inner)
                {
                    findings.Same("class", error["class"].Text, inner.Kind);
                    findings.Same("message", error["message"].Text, inner.Problem);
                }
                else
                {
                    // The message is this library's own, the refusal the same.
                    findings.Same("class", "ValueError", error["class"].Text);
                }
            }

            return;
        }

        if (IsBatch(golden.Record))
        {
            CompareBatch(golden, findings);
            return;
        }

        var (text, conversation) = Render(golden);
        if (golden.Expected.Json.ValueKind == JsonValueKind.String)
        {
            findings.Same("rendered", golden.Expected.Text, text);
            return;
        }

        var ids = conversation.Tokenizer.EncodeIds(text, addSpecialTokens: false);
        findings.SameList("input_ids", [.. golden.Expected["input_ids"].Numbers.Select(id => (int)id)], ids);
    }

    private static bool IsBatch(Field record) =>
        record["conversation"].Json.ValueKind == JsonValueKind.Array
        && record["conversation"].Items is [{ Json.ValueKind: JsonValueKind.Array }, ..];

    /// <summary>A batch is its conversations one by one; tokens that fill up are not made.</summary>
    private static void CompareBatch(GoldenCase golden, Findings findings)
    {
        foreach (var (i, turns) in golden.Record["conversation"].Items.Index())
        {
            var conversation = RecordedConversation.Of(golden, turns);
            var text = conversation.Template.Render(
                conversation.Messages, conversation.AddGenerationPrompt, conversation.Inputs);
            if (golden.Expected.Json.ValueKind == JsonValueKind.Array)
            {
                findings.Same($"rendered[{i}]", golden.Expected.Items[i].Text, text);
                continue;
            }

            var expected = golden.Expected["input_ids"].Items[i].Numbers
                .Zip(golden.Expected["attention_mask"].Items[i].Numbers)
                .Where(pair => pair.Second == 1)
                .Select(pair => (int)pair.First);
            findings.SameList(
                $"input_ids[{i}]", [.. expected], conversation.Tokenizer.EncodeIds(text, addSpecialTokens: false));
        }
    }

    private static (string Text, RecordedConversation Conversation) Render(GoldenCase golden)
    {
        var conversation = RecordedConversation.Of(golden, golden.Record["conversation"]);
        var (template, messages, inputs) = (conversation.Template, conversation.Messages, conversation.Inputs);
        var text = golden.Options.Value("continue_final_message") switch
        {
            { Json.ValueKind: JsonValueKind.String } field => template.RenderUnfinished(messages, inputs, field.Text),
            { Json.ValueKind: JsonValueKind.True } => template.RenderUnfinished(messages, inputs),
            _ => template.Render(messages, conversation.AddGenerationPrompt, inputs),
        };
        return (text, conversation);
    }
}
