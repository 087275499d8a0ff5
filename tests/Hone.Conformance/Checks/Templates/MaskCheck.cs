using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Data;
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

    public void Run(GoldenCase golden, Findings findings)
    {
        var record = golden.Record;
        if (record.Find("error") is { } error)
        {
            try
            {
                var refused = RecordedConversation.Of(golden, golden.Record["conversation"]);
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

        var conversation = RecordedConversation.Of(golden, golden.Record["conversation"]);
        var (template, messages, inputs) = (conversation.Template, conversation.Messages, conversation.Inputs);
        findings.Same(
            "rendered", record["rendered"].Text, template.Render(messages, conversation.AddGenerationPrompt, inputs));
        if (conversation.AddGenerationPrompt)
        {
            return; // what follows is not there when a conversation is trained
        }

        if (record["generation_spans_code_points"].Items is [] && !HasBlocks(golden))
        {
            // Without blocks transformers trains nothing; here turns are found by rendering.
            findings.SameList(
                "input_ids", Ids(record), conversation.Tokenizer.EncodeIds(record["rendered"].Text, false));
            return;
        }

        Compare(golden, conversation, findings);
    }

    /// <summary>Compares tokens and targets, cut to the length that the record names; tokens that fill up are not
    /// made.</summary>
    private static void Compare(GoldenCase golden, RecordedConversation conversation, Findings findings)
    {
        var record = golden.Record;
        var options = new EncodingOptions
        {
            MaxLength = golden.Options.FlagOr("truncation", false)
                ? (int)golden.Options["max_length"].Whole
                : int.MaxValue,
            Long = LongExamples.CutEnd,
        };
        var encoder = new ExampleEncoder(conversation.Tokenizer, conversation.Template, options);
        var at = new SourceLine("masks", 1);
        var row = new ConversationRow(at, conversation.Messages) { Inputs = conversation.Inputs };
        var spans = record.Find("overlap_token_spans") ?? record["assistant_token_spans"];
        var (ids, expected) = (Ids(record), new bool[record["input_ids"].Numbers.Length]);
        foreach (var span in spans.Items)
        {
            expected.AsSpan((int)span.Numbers[0], (int)(span.Numbers[1] - span.Numbers[0])).Fill(true);
        }

        var real = record.Value("attention_mask")?.Numbers.Select(value => value == 1).ToArray()
            ?? [.. expected.Select(_ => true)];
        ids = [.. ids.Where((_, i) => real[i])];
        expected = [.. expected.Where((_, i) => real[i])];
        if (expected is [true, ..])
        {
            expected[0] = false; // nothing stands before it to predict it from
        }

        if (!expected.Contains(true))
        {
            findings.Same("examples", 0, encoder.EncodeFitting(row).Count);
            return;
        }

        var example = encoder.EncodeFitting(row).Single();
        findings.SameList("input_ids", ids, example.Tokens);
        findings.SameList("trained", expected, example.Trained);
    }

    private static int[] Ids(Field record) => [.. record["input_ids"].Numbers.Select(id => (int)id)];

    private static bool HasBlocks(GoldenCase golden)
    {
        var source = golden.Record.Value("template") is { } file
            ? File.ReadAllText(golden.Folders.Fixture(file.Text))
            : golden.Record["template_text"].Text;
        return JinjaTemplate.Compile(source, "template").HasGeneration;
    }
}
