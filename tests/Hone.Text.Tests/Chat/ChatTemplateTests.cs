namespace Hone.Text.Tests.Chat;

public sealed class ChatTemplateTests
{
    private static readonly Message[] Conversation =
    [
        new("system", "Be brief."), new("user", "Hi 😀"), new("assistant", "Hello 😀!"), new("user", "Bye"),
            new("assistant", ""),
    ];

    [Fact]
    public void A_conversation_is_laid_out_as_ChatML() => Assert.Equal(
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
        ChatTemplate.ChatMl.Render([new("user", "Hi")], addGenerationPrompt: true));

    [Fact]
    public void What_the_assistant_says_and_the_mark_that_ends_its_turn_are_trained_and_nothing_else()
    {
        var rendered = ChatTemplate.ChatMl.RenderWithSpans(Conversation);

        Assert.Equal(["Hello 😀!<|im_end|>", "<|im_end|>"], rendered.TrainedSpans.Select(span => rendered.Text[span]));
    }

    [Fact]
    public void Trained_tokens_spell_the_trained_parts()
    {
        var tokenizer = Toy.Chat();

        var tokens = ChatTemplate.ChatMl.Encode(tokenizer, Conversation);

        // One token a byte here, so the trained tokens spell exactly the trained text; each turn ends with the token of
        // <|im_end|>.
        int[] trained = [.. tokens.Ids.Where((_, index) => tokens.Trained[index])];
        Assert.Equal("Hello 😀!<|im_end|><|im_end|>", tokenizer.Decode(trained, skipSpecialTokens: false));
        Assert.Equal(
            tokenizer.EncodeIds(ChatTemplate.ChatMl.Render(Conversation, addGenerationPrompt: false)), tokens.Ids);
        Assert.Equal([Toy.TurnEnd, Toy.TurnEnd], tokens.StopIds);
    }

    [Fact]
    public void The_stop_is_trained_only_if_it_is_the_token_that_ends_generation()
    {
        var tokens = ChatTemplate.ChatMl.Encode(Toy.Chat(), Conversation);

        Assert.True(tokens.TrainsStop([Toy.EndOfText, Toy.TurnEnd]));
        Assert.False(tokens.TrainsStop([Toy.EndOfText]));
    }

    [Fact]
    public void A_conversation_without_an_assistant_trains_no_stop()
    {
        var tokens = ChatTemplate.ChatMl.Encode(Toy.Chat(), [new("user", "Hi")]);

        Assert.False(tokens.TrainsStop([Toy.TurnEnd]));
        Assert.DoesNotContain(true, tokens.Trained);
    }

    [Fact]
    public void A_template_whose_stop_is_not_one_token_has_no_stop_id()
    {
        Assert.Equal(Toy.TurnEnd, ChatTemplate.ChatMl.StopId(Toy.Chat()));
        Assert.Null(ChatTemplate.ChatMl.StopId(Toy.Plain()));
    }

    [Fact]
    public void Without_the_usual_marks_a_turn_ends_with_the_end_of_text()
    {
        var template = ChatTemplate.ChatMlFor(Toy.Plain());

        Assert.Equal("user\nHi<end>\n", template.Render([new("user", "Hi")], addGenerationPrompt: false));
        Assert.Equal(Toy.EndOfText, template.StopId(Toy.Plain()));
    }

    [Fact]
    public void Without_any_token_to_end_a_turn_there_is_no_template()
    {
        var fault = Assert.Throws<TokenizerException>(() => ChatTemplate.ChatMlFor(Toy.Bare()));

        Assert.Equal(
            "chat template: a turn must end with one token, but the tokenizer has neither \"<|im_end|>\" nor an end of "
            + "text; name an eos_token",
            fault.Message);
    }

    [Fact]
    public void An_unfinished_turn_breaks_off_before_the_mark_that_would_end_it() => Assert.Equal(
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nWell",
        ChatTemplate.ChatMl.RenderUnfinished([new("user", "Hi"), new("assistant", "Well")]));

    [Fact]
    public void The_recorded_chats_have_the_recorded_ids()
    {
        var file = Fixtures.Real("models/smollm2-135m-instruct/chat.jsonl");
        var tokenizer = Tokenizer.Load(Fixtures.Real("models/smollm2-135m-instruct"));

        // The model's own template puts a system message of its own first where there is none; the built-in one does
        // not.
        foreach (var record in Fixtures.Lines(file))
        {
            Message[] messages = [.. record.GetProperty("messages").EnumerateArray()
                .Select(turn =>
                    new Message(turn.GetProperty("role").GetString()!, turn.GetProperty("content").GetString()!))];
            if (messages is [{ Role: "system" }, ..] && messages.Count(message => message.Role == "system") == 1)
            {
                var expected = record.GetProperty("without_generation_prompt").GetProperty("ids").EnumerateArray()
                    .Select(id => id.GetInt32());
                Assert.Equal(expected, ChatTemplate.ChatMl.Encode(tokenizer, messages).Ids);
            }
        }
    }
}
