using System.Text.Json;
using Hone.Text.Chat.Jinja;

namespace Hone.Text.Tests.Chat;

public sealed class JinjaChatTemplateTests
{
    private const string Plain =
        "{% for m in messages %}<{{ m.role }}>{{ m.content }}</s>\n{% endfor %}{% if add_generation_prompt "
            + "%}<assistant>{% endif %}";

    private static readonly Message[] Conversation =
        [new("user", "a"), new("assistant", "b"), new("user", "c"), new("assistant", "d")];

    [Fact]
    public void Turns_of_the_assistant_are_trained_up_to_what_ends_them()
    {
        var rendered = Of(Plain).RenderWithSpans(Conversation);

        Assert.Equal("<user>a</s>\n<assistant>b</s>\n<user>c</s>\n<assistant>d</s>\n", rendered.Text);
        Assert.Equal(["b</s>", "d</s>"], rendered.TrainedSpans.Select(span => rendered.Text[span]));
    }

    [Fact]
    public void Blocks_of_generation_say_what_is_trained()
    {
        var rendered = Of("{% for m in messages %}[{% if m.role == 'assistant' %}{% generation %}{{ m.content }}!{% "
            + "endgeneration %}{% else %}{{ m.content }}{% endif %}]{% endfor %}").RenderWithSpans(Conversation);

        Assert.Equal("[a][b!][c][d!]", rendered.Text);
        Assert.Equal(["b!", "d!"], rendered.TrainedSpans.Select(span => rendered.Text[span]));
    }

    [Fact]
    public void A_line_end_behind_the_token_that_ends_a_turn_is_not_what_stops()
    {
        var template = Of("{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content "
            + "}}<|im_end|>\n{% endgeneration %}{% else %}{{ m.content }}<|im_end|>\n{% endif %}{% endfor %}");

        var tokens = ((IChatTemplate)template).Encode(Toy.Chat(), Conversation);

        Assert.Equal("b<|im_end|>\nd<|im_end|>\n", Toy.Chat().Decode(
            [.. tokens.Ids.Where((_, index) => tokens.Trained[index])], skipSpecialTokens: false));
        Assert.Equal([Toy.TurnEnd, Toy.TurnEnd], tokens.StopIds);
        Assert.Equal(Toy.TurnEnd, template.StopId(Toy.Chat()));
    }

    [Fact]
    public void What_ends_an_answer_is_known_though_the_blocks_leave_it_out()
    {
        var template = Of("{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% "
            + "endgeneration %}{% else %}{{ m.content }}{% endif %}<|im_end|>\n{% endfor %}");

        Assert.Equal(Toy.TurnEnd, template.StopId(Toy.Chat()));
    }

    [Fact]
    public void A_turn_that_is_shown_otherwise_once_others_follow_is_trained_in_a_text_that_ends_with_it()
    {
        // As Qwen 3 does: reasoning is shown in the last turn alone.
        var template = Of("{% for m in messages %}<{{ m.role }}>{% if loop.last and m.thinking %}({{ m.thinking "
            + "}}){% endif %}{{ m.content }}</s>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}");
        Message[] messages = [new("user", "a"), Thinking("b", "B"), new("user", "c"), Thinking("d", "D")];

        var parts = template.RenderParts(messages);

        Assert.Equal(
            ["<user>a</s><assistant>b</s><user>c</s><assistant>«(D)d</s>»", "<user>a</s><assistant>«(B)b</s>»"],
            parts.Select(Marked));
        Assert.Equal([1], template.RenderWithSpans(messages).Rewritten);
        Assert.Equal([Marked(parts[0])], template.RenderParts(messages, firstTurn: 2).Select(Marked));
        Assert.Equal([Marked(parts[1])], template.RenderParts([.. messages.Take(3)]).Select(Marked));
    }

    [Fact]
    public void Turns_of_one_answer_stay_in_one_text()
    {
        // Reasoning is shown since the last question, so through calls of tools.
        var template = Of(
            "{% set last = messages | selectattr('role', 'equalto', 'user') | list | length %}"
            + "{% set ns = namespace(n=0) %}{% for m in messages %}"
            + "{% if m.role == 'user' %}{% set ns.n = ns.n + 1 %}{% endif %}<{{ m.role }}>"
            + "{% if ns.n == last and m.thinking %}({{ m.thinking }}){% endif %}{{ m.content }}</s>{% endfor %}"
            + "{% if add_generation_prompt %}<assistant>{% endif %}");

        var parts = template.RenderParts(
            [
                new("user", "a"), Thinking("b", "B"), new("tool", "t"), Thinking("c", "C"),
                new("user", "d"), Thinking("e", "E"),
            ]);

        Assert.Equal(
            [
                "<user>a</s><assistant>b</s><tool>t</s><assistant>c</s><user>d</s><assistant>«(E)e</s>»",
                "<user>a</s><assistant>«(B)b</s>»<tool>t</s><assistant>«(C)c</s>»",
            ],
            parts.Select(Marked));
    }

    [Fact]
    public void Where_a_turn_goes_on_otherwise_than_the_beginning_of_an_answer_it_begins_at_the_difference()
    {
        // As DeepSeek R1 does: an answer begins with reasoning, which is never shown afterwards.
        var template = Of("{% for m in messages %}<{{ m.role }}>{{ m.content.split('</think>')[-1] }}</s>{% endfor %}"
            + "{% if add_generation_prompt %}<assistant><think>{% endif %}");

        Assert.Equal(
            "<user>a</s><assistant>«yes</s>»",
            Marked(template.RenderWithSpans([new("user", "a"), new("assistant", "<think>why</think>yes")])));
    }

    [Fact]
    public void A_difference_within_a_tag_begins_with_the_tag()
    {
        var template = Of("{% for m in messages %}<{{ m.role }}>{{ m.content }}</s>{% endfor %}"
            + "{% if add_generation_prompt %}<assistant><think>{% endif %}");

        Assert.Equal(
            "<user>a</s><assistant>«<tool>b</s>»",
            Marked(template.RenderWithSpans([new("user", "a"), new("assistant", "<tool>b")])));
    }

    [Fact]
    public void The_end_of_text_behind_a_whole_conversation_ends_no_turn()
    {
        // As Phi 3 does.
        var template = Of("{% for m in messages %}<{{ m.role }}>{{ m.content }}<|im_end|>{% endfor %}"
            + "{% if add_generation_prompt %}<assistant>{% else %}<end>{% endif %}");

        Assert.Equal(
            ["<user>a<|im_end|><assistant>«b<|im_end|>»<user>c<|im_end|><assistant>«d<|im_end|><end>»"],
            template.RenderParts(Conversation).Select(Marked));
        Assert.Equal(Toy.TurnEnd, template.StopId(Toy.Chat()));
    }

    [Fact]
    public void That_a_template_leaves_out_what_a_turn_says_is_told()
    {
        Assert.Equal(
            "the chat template does not show what an assistant's turn says, so that it is not trained",
            Of("{% for m in messages %}<{{ m.role }}></s>{% endfor %}").RenderWithSpans(Conversation).Doubt);
        Message calling = new("assistant", "")
        {
            Fields = JsonSerializer.SerializeToElement(
                new { role = "assistant", tool_calls = new[] { new { function = new { name = "f" } } } }),
        };
        Assert.Equal(
            "the chat template does not show which tool an assistant's turn calls, so that it is not trained",
            Of(Plain).RenderWithSpans([new("user", "a"), calling]).Doubt);
        Assert.Null(Of(Plain).RenderWithSpans(Conversation).Doubt);
    }

    [Fact]
    public void A_template_that_shows_what_stands_before_a_turn_otherwise_is_refused_for_training()
    {
        var template = Of("{% for m in messages %}{% if loop.last %}last: {% endif %}{{ m.content }}{% endfor %}");

        var fault = Assert.Throws<TokenizerException>(() => template.RenderWithSpans(Conversation));

        Assert.Equal(
            "template: the text before an assistant's turn must stay as it is when the turn follows, but what "
                + "stands before turn 1 is shown otherwise then, so that it cannot be told what is trained; give a "
                + "template with blocks {% generation %}",
            fault.Message);
    }

    [Theory]
    [InlineData("m.role == 'assistant'", null)]
    [InlineData("m.role == 'assistant' and loop.last",
        "an assistant's turn lies in no block {% generation %} of the chat template, so that it is not trained")]
    [InlineData("true", "a block {% generation %} of the chat template holds what no assistant's turn says, and "
        + "that is trained")]
    public void Blocks_of_generation_are_held_against_the_turns(string isIn, string? doubt)
    {
        var template = Of("{% for m in messages %}<{{ m.role }}>{% if " + isIn
            + " %}{% generation %}{{ m.content }}</s>\n{% endgeneration %}{% else %}{{ m.content }}</s>\n{% endif "
            + "%}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}");

        Assert.Equal(doubt, template.RenderWithSpans(Conversation).Doubt);
    }

    [Fact]
    public void Tools_and_variables_reach_the_template_and_an_error_of_it_names_its_line()
    {
        var inputs = new ConversationInputs
        {
            Tools = JsonSerializer.SerializeToElement(new[] { new { name = "f" } }),
            Variables = new Dictionary<string, JsonElement> { ["mood"] = JsonSerializer.SerializeToElement("calm") },
        };

        Assert.Equal("f calm", Of("{{ tools[0].name }} {{ mood }}").Render(Conversation, false, inputs));
        var refusing = Of("{% if true %}\n{{ raise_exception('no') }}{% endif %}");
        var fault = Assert.Throws<TokenizerException>(() => refusing.Render(Conversation, false));
        Assert.Equal("template:2: the template refuses what it is given: no", fault.Message);
    }

    [Fact]
    public void An_unfinished_turn_is_cut_where_it_breaks_off()
    {
        Assert.Equal("<user>a</s>\n<assistant>b", Of(Plain).RenderUnfinished([.. Conversation.Take(2)]));
    }

    [Fact]
    public void A_conversation_of_no_turns_is_refused() => Assert.Equal(
        "template: a conversation must have at least one turn, got none",
        Assert.Throws<TokenizerException>(() => Of(Plain).Render([], true)).Message);

    [Fact]
    public void A_whole_number_that_a_power_of_two_bounds_becomes_a_float()
    {
        // −2⁶³ takes 63 bits and its amount 64.
        Assert.Equal("-9.223372036854776e+18", Of("{{ -9223372036854775808 / 1 }}").Render(Conversation, false));
    }

    [Fact]
    public void Real_templates_give_the_recorded_texts_and_errors()
    {
        var folder = Fixtures.Real("chat_templates");
        var conversations = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "conversations.json"))).RootElement
            .GetProperty("conversations").EnumerateArray().ToDictionary(
                conversation => conversation.GetProperty("name").GetString()!);
        var count = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder, "expected.jsonl")))
        {
            var record = JsonDocument.Parse(line).RootElement;
            var name = record.GetProperty("template").GetString()!;
            var conversation = conversations[record.GetProperty("conversation").GetString()!];
            var template = JinjaTemplate.Compile(File.ReadAllText(Path.Combine(folder, name)), name);
            var variables = new Dictionary<string, JsonElement>
            {
                ["messages"] = conversation.GetProperty("messages"),
                ["tools"] = conversation.TryGetProperty("tools", out var tools)
                    ? tools : JsonSerializer.SerializeToElement<string?>(null),
                ["documents"] = JsonSerializer.SerializeToElement<string?>(null),
                ["add_generation_prompt"] = JsonSerializer.SerializeToElement(
                    conversation.TryGetProperty("add_generation_prompt", out var add) && add.GetBoolean()),
                ["bos_token"] = JsonSerializer.SerializeToElement("<BOS>"),
                ["eos_token"] = JsonSerializer.SerializeToElement("<EOS>"),
            };
            var expected = record.TryGetProperty("rendered", out var text) ? text.GetString() : $"error "
                + $"{record.GetProperty("error").GetString()!.Split(':')[0]}";
            Assert.Equal((name, expected), (name, Text(template, variables)));
            count++;
        }

        Assert.True(count >= 400);
    }

    private static string Text(JinjaTemplate template, Dictionary<string, JsonElement> variables)
    {
        try
        {
            return template.Render(variables, new NoonClock()).Text;
        }
        catch (JinjaException fault)
        {
            return $"error {fault.Kind}";
        }
    }

    private static Message Thinking(string content, string thinking) => new("assistant", content)
    {
        Fields = JsonSerializer.SerializeToElement(new { role = "assistant", content, thinking }),
    };

    private static string Marked(RenderedConversation rendered)
    {
        var text = rendered.Text;
        foreach (var span in rendered.TrainedSpans.Reverse())
        {
            text = $"{text[..span.Start]}«{text[span]}»{text[span.End..]}";
        }

        return text;
    }

    private static JinjaChatTemplate Of(string source)
    {
        var template = JinjaTemplate.Compile(source, "template");
        return new JinjaChatTemplate(template, template, Toy.Chat(), TimeProvider.System);
    }

    private sealed class NoonClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2024, 7, 26, 12, 0, 0, TimeSpan.Zero);
    }
}
