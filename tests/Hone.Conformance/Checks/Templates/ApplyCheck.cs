using System.Text.Json;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text;

namespace Hone.Conformance.Checks.Templates;

/// <summary>Conversations laid out by a template: with tools, documents, reasoning, unfinished turns.</summary>
public sealed class ApplyCheck : ICheck
{
    public string Area => "templates";

    public IReadOnlyList<string> Kinds => ["apply"];

    public string? NotOffered(GoldenCase golden)
    {
        var (record, options) = (golden.Record, golden.Options);
        return record["conversation"].Json.ValueKind == JsonValueKind.Array
            && record["conversation"].Items.Any(turn => turn.Json.ValueKind != JsonValueKind.Object)
                ? "batches of conversations and turns that are no objects cannot be expressed"
            : record["conversation"].Items is [] ? "a conversation has at least one turn by the reader of rows"
            : options.FlagOr("return_assistant_tokens_mask", false) || (options.Value("return_dict") is not null && !options.FlagOr("tokenize", false))
                ? "a choice between forms of one result, which has all of them here"
            : options.Value("continue_final_message") is not null && options.FlagOr("add_generation_prompt", false)
                ? "an unfinished turn and a new one are two methods"
            : record.Value("template") is null && record.Value("template_text") is null && record.Value("tokenizer_chat_template") is null
                ? "without a template the built-in layout is used"
            : record.Value("tokenizer_chat_template") is not null && record.Value("template_text") is not null
                ? "a template is chosen by whether there are tools, not by name"
            : options.Value("documents") is { } documents && documents.Items.Any(document => document.Json.ValueKind != JsonValueKind.Object)
                ? "documents are checked by the template alone"
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
                if (fault.InnerException is Hone.Text.Chat.Jinja.JinjaException inner)
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

        var (text, conversation) = Render(golden);
        if (golden.Expected.Json.ValueKind == JsonValueKind.String)
        {
            findings.Same("rendered", golden.Expected.Text, text);
            return;
        }

        var ids = conversation.Tokenizer.EncodeIds(text, addSpecialTokens: false);
        findings.SameList("input_ids", [.. golden.Expected["input_ids"].Numbers.Select(id => (int)id)], ids);
    }

    private static (string Text, RecordedConversation Conversation) Render(GoldenCase golden)
    {
        var conversation = RecordedConversation.Of(golden);
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
