using System.Text;
using Hone.Text;
using Hone.Text.Chat.Jinja;

namespace Hone.Data.Tests.Examples;

public sealed class ExampleEncoderTests
{
    private static readonly EncodingOptions Options = new() { MaxLength = 1000 };

    private static ExampleEncoder Encoder(EncodingOptions? options = null) =>
        new(ByteTokenizer.Load(), ChatTemplate.ChatMl, options ?? Options);

    private static SourceLine At(long line) => new("a.jsonl", line);

    private static TextRow Text(string text, long line = 1) => new(At(line), text);

    private static PromptCompletionRow Pair(string prompt, string completion) =>
        new(At(1), new PlainText(prompt), new PlainText(completion));

    /// <summary>The tokens as text, those that are trained in capitals: the bytes of a test are small
    /// letters.</summary>
    private static string Show(TrainingExample example)
    {
        var text = new StringBuilder();
        foreach (var (token, trained) in example.Tokens.Zip(example.Trained))
        {
            var shown = token switch
            {
                ByteTokenizer.Twelve => "(twelve)",
                ByteTokenizer.End => "<end>",
                ByteTokenizer.TurnStart => "<turn>",
                ByteTokenizer.TurnEnd => "</turn>",
                '\n' => "|",
                _ => ((char)token).ToString(),
            };
            text.Append(trained ? shown.ToUpperInvariant() : shown);
        }

        return text.ToString();
    }

    [Fact]
    public void A_text_ends_once_and_all_but_its_first_token_is_trained()
    {
        Assert.Equal("aBC<END>", Show(Encoder().Encode(Text("abc"))));
        Assert.Equal("aBC<END>", Show(Encoder().Encode(Text("abc<end>"))));
    }

    [Fact]
    public void Of_a_pair_the_completion_and_its_end_are_trained()
    {
        Assert.Equal("abC<END>", Show(Encoder().Encode(Pair("ab", "c"))));
        Assert.Equal("abC<END>", Show(Encoder().Encode(Pair("ab", "c<end>"))));
        Assert.Equal("cD<END>", Show(Encoder().Encode(Pair("", "cd"))));
    }

    [Fact]
    public void A_token_across_the_border_belongs_to_the_completion() =>
        Assert.Equal("a(TWELVE)B<END>", Show(Encoder().Encode(Pair("a1", "2b"))));

    [Fact]
    public void Of_a_conversation_what_the_assistant_says_is_trained() => Assert.Equal(
        "<turn>user|hi</turn>|<turn>assistant|HO</TURN>|<turn>user|hu</turn>|",
        Show(Encoder().Encode(new ConversationRow(
            At(1), [new("user", "hi"), new("assistant", "ho"), new("user", "hu")]))));

    [Fact]
    public void Of_a_pair_of_messages_only_the_completions_assistant_is_trained() => Assert.Equal(
        "<turn>user|a</turn>|<turn>assistant|b</turn>|<turn>user|c</turn>|<turn>assistant|D</TURN>|",
        Show(Encoder().Encode(new PromptCompletionRow(
            At(1),
            new Dialogue([new("user", "a"), new("assistant", "b"), new("user", "c")]),
            new Dialogue([new("assistant", "d")])))));

    [Fact]
    public void Everything_is_everything_but_the_first_token()
    {
        var all = Encoder(Options with { TrainOn = TrainOn.Everything });

        Assert.Equal("aBC<END>", Show(all.Encode(Pair("ab", "c"))));
        Assert.Equal("<turn>USER|HI</TURN>|", Show(all.Encode(new ConversationRow(At(1), [new("user", "hi")]))));
    }

    [Fact]
    public void A_prompt_is_encoded_as_it_stands_or_with_the_beginning_of_an_answer()
    {
        Assert.Equal([(int)'a', ByteTokenizer.Twelve], Encoder().EncodePrompt(new PlainText("a12")));
        Assert.Equal(
            [ByteTokenizer.TurnStart, .. "user\na"u8.ToArray().Select(b => (int)b), ByteTokenizer.TurnEnd, '\n',
                ByteTokenizer.TurnStart,
                .. "assistant\n"u8.ToArray().Select(b => (int)b)],
            Encoder().EncodePrompt(new Dialogue([new("user", "a")])));
    }

    [Fact]
    public void A_prompt_without_an_answer_cannot_be_learnt() => Assert.Equal(
        "a.jsonl:3: the row must say what is to be learnt: a text, a completion or an assistant's turn",
        Assert.Throws<DataException>(() => Encoder().EncodeAll(
            [Text("a"),
                new PromptRow(
                    At(3), new PlainText("a"), new Dictionary<string, System.Text.Json.JsonElement>())])).Message);

    [Theory]
    [InlineData(LongExamples.CutEnd, "aBC dE<END>",
        "3 rows, 2 examples, 6 tokens, 4 of them trained; 1 cut, 1 left out as nothing in them is trained")]
    [InlineData(LongExamples.CutStart, "fG<END> dE<END>",
        "3 rows, 2 examples, 6 tokens, 4 of them trained; 1 cut, 1 left out as nothing in them is trained")]
    [InlineData(LongExamples.Split, "aBC dEF g<END> dE<END>",
        "3 rows, 4 examples, 11 tokens, 7 of them trained; 1 split, 1 left out as nothing in them is trained")]
    [InlineData(LongExamples.LeaveOut, "dE<END>",
        "3 rows, 1 examples, 3 tokens, 2 of them trained; 1 left out as too long, 1 left out as nothing in them is "
            + "trained")]
    public void Rows_beyond_the_length_are_cut_split_or_left_out_and_counted(
        LongExamples what, string examples, string report)
    {
        var encoded = Encoder(new() { MaxLength = 3, Long = what }).EncodeAll(
            [Text("abcdefg"), new ConversationRow(At(2), []), Text("de")]);

        Assert.Equal(examples, string.Join(' ', encoded.Examples.Select(Show)));
        Assert.Equal(report, encoded.Report.ToString());
    }

    [Fact]
    public void A_row_beyond_the_length_may_be_refused() => Assert.Equal(
        "a.jsonl:2: the row must have at most 3 tokens, got 4",
        Assert.Throws<DataException>(() => Encoder(new(
            )
        { MaxLength = 3, Long = LongExamples.Refuse }).EncodeAll([Text("ab"), Text("abc", 2)])).Message);

    [Fact]
    public void The_first_row_that_fails_is_named_whatever_core_met_it()
    {
        List<Row> rows = [.. Enumerable.Range(1, 3000).Select(i => i % 100 == 50
            ? (Row)new PromptRow(At(i), new PlainText("a"), new Dictionary<string, System.Text.Json.JsonElement>())
            : Text("a", i))];

        Assert.StartsWith("a.jsonl:50: ", Assert.Throws<DataException>(() => Encoder().EncodeAll(rows)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Examples_come_in_the_order_of_their_rows()
    {
        var texts = Enumerable.Range(0, 5000).Select(i => new string((char)('a' + (i % 26)), 1 + (i % 7))).ToList();

        Assert.Equal(texts.Select(text => text.Length
            + 1), Encoder().EncodeAll(texts.Select(text => Text(text))).Examples.Select(e => e.Length));
    }

    [Fact]
    public void A_conversation_whose_template_shows_earlier_turns_otherwise_becomes_several_examples()
    {
        // The last turn begins with a mark that no other has.
        var encoder = Jinja("{% for m in messages %}{% if loop.last and m.role == 'assistant' %}!{% endif %}{{ "
            + "m.content }}<|im_end|>{% endfor %}");
        Row row = new ConversationRow(
            At(1), [new("user", "a"), new("assistant", "b"), new("user", "c"), new("assistant", "d")]);

        var encoded = encoder.EncodeAll([row]);

        Assert.Equal(["a</turn>b</turn>c</turn>!D</TURN>", "a</turn>!B</TURN>"], encoded.Examples.Select(Show));
        Assert.Equal(
            "1 rows, 2 examples, 14 tokens, 6 of them trained; 1 made several examples, as the chat template shows "
                + "turns otherwise once others follow",
            encoded.Report.ToString());
        Assert.Equal(
            ["data: 1 of 1 rows made several examples, as the chat template shows turns otherwise once others follow"],
            encoded.Report.Warnings());
        Assert.Equal(Show(encoded.Examples[0]), Show(encoder.Encode(row)));
    }

    [Fact]
    public void Of_a_completion_of_several_turns_each_is_trained_and_those_of_the_prompt_are_not()
    {
        var encoder = Jinja("{% for m in messages %}{% if loop.last and m.role == 'assistant' %}!{% endif %}{{ "
            + "m.content }}<|im_end|>{% endfor %}");

        var examples = encoder.EncodeParts(new PromptCompletionRow(
            At(1),
            new Dialogue([new("user", "a"), new("assistant", "b"), new("user", "c")]),
            new Dialogue([new("assistant", "d"), new("user", "e"), new("assistant", "f")])));

        Assert.Equal(
            ["a</turn>b</turn>c</turn>d</turn>e</turn>!F</TURN>", "a</turn>b</turn>c</turn>!D</TURN>"],
            examples.Select(Show));
    }

    [Fact]
    public void A_doubt_about_what_is_trained_is_reported_with_its_first_row()
    {
        var encoder = Jinja("{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}{% endif %}<|im_end|>{% "
            + "endfor %}");

        var report = encoder.EncodeAll([
            new ConversationRow(At(1), [new("user", "a"), new("assistant", "")]),
            new ConversationRow(At(2), [new("user", "a"), new("assistant", "b")]),
            new ConversationRow(At(3), [new("user", "a"), new("assistant", "b")]),
        ]).Report;

        Assert.Equal(
            [("the chat template does not show what an assistant's turn says, so that it is not trained", At(2))],
            report.Doubts.Select(doubt => (doubt.Key, doubt.Value)));
        Assert.Equal(
            ["a.jsonl:2: the chat template does not show what an assistant's turn says, so that it is not trained; "
                + "perhaps further rows, too"],
            report.Warnings());
    }

    private static ExampleEncoder Jinja(string source)
    {
        var (template, tokenizer) = (JinjaTemplate.Compile(source, "template"), ByteTokenizer.Load());
        return new ExampleEncoder(
            tokenizer, new JinjaChatTemplate(template, template, tokenizer, TimeProvider.System), Options);
    }

    [Theory]
    [InlineData("{{ m.content }}<|im_end|>\n{% endgeneration %}", null)]
    [InlineData("{{ m.content }}{% endgeneration %}<|im_end|>\n",
        "data: at least one row must train the model to stop, got none (1 rows, 1 examples, 6 tokens, 1 of them "
            + "trained); end conversations with an assistant's turn, and where the chat template has blocks {% "
            + "generation %}, let them hold what ends a turn")]
    public void Blocks_of_generation_must_hold_the_token_that_ends_a_turn(string block, string? problem)
    {
        var encoder = Jinja(
            "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}" + block
            + "{% else %}{{ m.content }}<|im_end|>\n{% endif %}{% endfor %}");

        var thrown = Record.Exception(
            () => encoder.EncodeAll([new ConversationRow(At(1), [new("user", "a"), new("assistant", "b")])]));

        Assert.Equal(problem, thrown?.Message);
    }

    [Fact]
    public void Data_that_never_train_a_stop_are_refused_with_what_to_do()
    {
        Assert.Equal("data: at least one row must train the model to stop, got none (1 rows, 1 examples, 2 tokens, "
            + "1 of them trained; 1 cut); raise max_length, so that ends are not cut off",
            Assert.Throws<DataException>(() => Encoder(new() { MaxLength = 2 }).EncodeAll([Text("abc")])).Message);
        Assert.Equal("data: at least one row must train the model to stop, got none (1 rows, 1 examples, 3 tokens, "
            + "2 of them trained); name an eos_token in the tokenizer's files",
            Assert.Throws<DataException>(() => new ExampleEncoder(
                ByteTokenizer.Load(namesEnd: false), ChatTemplate.ChatMl, Options).EncodeAll([Text("abc")])).Message);
        Assert.Equal("data: at least one row must have a token to train, got none (1 rows, 0 examples, 0 tokens, 0 "
            + "of them trained; 1 left out as nothing in them is trained); raise max_length or look at the rows",
            Assert.Throws<DataException>(() => Encoder().EncodeAll([new ConversationRow(
                At(1), [new("user", "hi")])])).Message);
    }
}
