using System.Text.Json;
using Hone.Text;
using Hone.Text.Chat.Jinja;

namespace Hone.Data.Tests.Examples;

public sealed class RowPreviewTests
{
    private static readonly SourceLine At = new("a.jsonl", 1);

    [Fact]
    public void Texts_and_pairs_show_their_parts()
    {
        Assert.Equal(["text: abc<end>"], Sections(new TextRow(At, "abc")));
        Assert.Equal(
            ["prompt: ab; completion: c<end>"],
            Sections(new PromptCompletionRow(At, new PlainText("ab"), new PlainText("c"))));
        Assert.Equal(
            ["completion: c<end>"], Sections(new PromptCompletionRow(At, new PlainText(""), new PlainText("c"))));
        Assert.Equal(
            ["prompt: ab"], Sections(new PromptRow(At, new PlainText("ab"), new Dictionary<string, JsonElement>())));
    }

    [Fact]
    public void A_conversation_shows_its_turns_and_a_prompt_the_beginning_of_the_answer()
    {
        Message[] turns = [new("user", "a"), new("assistant", "b")];

        Assert.Equal(
            ["user: <|im_start|>user\na<|im_end|>\n; assistant: <|im_start|>assistant\nb<|im_end|>\n"],
            Sections(new ConversationRow(At, turns)));
        Assert.Equal(
            ["user: <|im_start|>user\na<|im_end|>\n; answer: <|im_start|>assistant\n"],
            Sections(new PromptRow(At, new Dialogue(turns[..1]), new Dictionary<string, JsonElement>())));
    }

    [Fact]
    public void Turns_that_cannot_be_parted_are_shown_together_and_each_text_by_itself()
    {
        var template = JinjaTemplate.Compile(
            "{% for m in messages %}{% if loop.last and m.role == 'assistant' %}!{% endif %}{{ m.content }};{% "
                + "endfor %}",
            "template");

        Assert.Equal(
            ["user: a;; assistant, user: 😀;c;; assistant: !d;", "user: a;; assistant: !😀;"],
            Sections(
                new ConversationRow(
                    At, [new("user", "a"), new("assistant", "😀"), new("user", "c"), new("assistant", "d")]),
                tokenizer => new JinjaChatTemplate(template, template, tokenizer, TimeProvider.System)));
    }

    [Fact]
    public void Both_answers_of_a_preference_are_shown_after_their_prompt() => Assert.Equal(
        ["prompt: ab; chosen: c<end>", "prompt: ab; rejected: d<end>"],
        Sections(new PreferenceRow(At, new PlainText("ab"), new PlainText("c"), new PlainText("d"))));

    private static IEnumerable<string> Sections(Row row, Func<Tokenizer, IChatTemplate>? template = null)
    {
        var tokenizer = ByteTokenizer.Load();
        var preview = new RowPreview(
            tokenizer, template?.Invoke(tokenizer) ?? ChatTemplate.ChatMl, new EncodingOptions { MaxLength = 1000 });
        foreach (var (example, sections) in preview.Of(row))
        {
            var ends = sections.Skip(1).Select(section => section.Start).Append(example.Length);
            yield return string.Join("; ", sections.Zip(ends, (section, end) =>
                $"{section.Name}: {tokenizer.Decode(example.Tokens.AsSpan(section.Start..end), false)}"));
        }
    }
}
