using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text;
using Hone.Text.Chat.Jinja;

namespace Hone.Conformance.Checks.Templates;

/// <summary>Which tokens of a conversation are trained, by the blocks of the template.</summary>
/// <remarks>A token is trained that overlaps what the template generated; where transformers' own mask is another, the
/// record has both.</remarks>
public sealed class MaskCheck : ICheck
{
    public string Area => "templates";

    public IReadOnlyList<string> Kinds => ["masks"];

    public string? NotOffered(GoldenCase golden)
    {
        var source = golden.Record.Value("template") is { } file
            ? File.ReadAllText(golden.Folders.Fixture(file.Text))
            : golden.Record["template_text"].Text;
        return golden.Options.Value("truncation") is not null || golden.Options.Value("padding") is not null || golden.Options.Value("max_length") is not null
            ? "rows are cut to their length when they become examples, and never filled up"
            : golden.Record.Find("error") is null && !JinjaTemplate.Compile(source, "template").HasGeneration
                ? "without blocks transformers trains nothing; here turns are found by rendering"
                : null;
    }

    public void Run(GoldenCase golden, Findings findings)
    {
        var record = golden.Record;
        if (record.Find("error") is { } error)
        {
            try
            {
                var refused = RecordedConversation.Of(golden);
                refused.Template.Render(refused.Messages, refused.AddGenerationPrompt, refused.Inputs);
                findings.Fail("error", $"expected {error["class"].Text}, got none");
            }
            catch (TokenizerException fault) when (fault.InnerException is JinjaException inner)
            {
                findings.Same("class", error["class"].Text, inner.Kind);
                findings.Same("message", error["message"].Text, inner.Problem);
            }

            return;
        }

        var conversation = RecordedConversation.Of(golden);
        findings.Same(
            "rendered", record["rendered"].Text, conversation.Template.Render(conversation.Messages, conversation.AddGenerationPrompt, conversation.Inputs));
        if (conversation.AddGenerationPrompt)
        {
            return; // what follows is not there when a conversation is trained
        }

        var tokens = ((IChatTemplate)conversation.Template).Encode(conversation.Tokenizer, conversation.Messages, conversation.Inputs);
        findings.SameList("input_ids", [.. record["input_ids"].Numbers.Select(id => (int)id)], tokens.Ids);
        var spans = record.Find("overlap_token_spans") ?? record["assistant_token_spans"];
        var expected = new bool[tokens.Ids.Length];
        foreach (var span in spans.Items)
        {
            expected.AsSpan((int)span.Numbers[0], (int)(span.Numbers[1] - span.Numbers[0])).Fill(true);
        }

        findings.SameList("trained", expected, tokens.Trained);
    }
}
