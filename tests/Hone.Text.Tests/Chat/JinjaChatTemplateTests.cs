using System.Text.Json;
using Hone.Text.Chat.Jinja;

namespace Hone.Text.Tests.Chat;

public sealed class JinjaChatTemplateTests
{
    private const string Plain =
        "{% for m in messages %}<{{ m.role }}>{{ m.content }}</s>\n{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

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
        var rendered = Of("{% for m in messages %}[{% if m.role == 'assistant' %}{% generation %}{{ m.content }}!{% endgeneration %}"
            + "{% else %}{{ m.content }}{% endif %}]{% endfor %}").RenderWithSpans(Conversation);

        Assert.Equal("[a][b!][c][d!]", rendered.Text);
        Assert.Equal(["b!", "d!"], rendered.TrainedSpans.Select(span => rendered.Text[span]));
    }

    [Fact]
    public void A_template_that_shows_earlier_turns_otherwise_once_others_follow_is_refused_for_training()
    {
        var template = Of("{% for m in messages %}{% if loop.last %}last: {% endif %}{{ m.content }}{% endfor %}");

        var fault = Assert.Throws<TokenizerException>(() => template.RenderWithSpans(Conversation));

        Assert.Equal(
            "template: the text up to a turn must stay as it is when turns follow, but turn 1 is shown otherwise then, so that it "
            + "cannot be told what is trained; give a template with blocks {% generation %}",
            fault.Message);
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
        var fault = Assert.Throws<TokenizerException>(() => Of("{% if true %}\n{{ raise_exception('no') }}{% endif %}").Render(Conversation, false));
        Assert.Equal("template:2: the template refuses what it is given: no", fault.Message);
    }

    [Fact]
    public void An_unfinished_turn_is_cut_where_it_breaks_off()
    {
        Assert.Equal("<user>a</s>\n<assistant>b", Of(Plain).RenderUnfinished([.. Conversation.Take(2)]));
    }

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
            .GetProperty("conversations").EnumerateArray().ToDictionary(conversation => conversation.GetProperty("name").GetString()!);
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
                ["tools"] = conversation.TryGetProperty("tools", out var tools) ? tools : JsonSerializer.SerializeToElement<string?>(null),
                ["documents"] = JsonSerializer.SerializeToElement<string?>(null),
                ["add_generation_prompt"] = JsonSerializer.SerializeToElement(
                    conversation.TryGetProperty("add_generation_prompt", out var add) && add.GetBoolean()),
                ["bos_token"] = JsonSerializer.SerializeToElement("<BOS>"),
                ["eos_token"] = JsonSerializer.SerializeToElement("<EOS>"),
            };
            var expected = record.TryGetProperty("rendered", out var text) ? text.GetString() : $"error {record.GetProperty("error").GetString()!.Split(':')[0]}";
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
