using System.Text.Json;

namespace Hone.Text.Tests.Chat;

public sealed class ChatTemplatesTests : IDisposable
{
    private static readonly Message[] Hi = [new("user", "hi")];

    private readonly TemporaryFolder _folder = new();

    public ChatTemplatesTests() => _folder.Write(
        "tokenizer_config.json",
        """
        {"chat_template": [{"name": "default", "template": "D {{ mood }}"}, 
         {"name": "tool_use", "template": "T {{ tools[0].name }}"}, {"name": "rag", "template": "R"}]}
        """);

    [Fact]
    public void The_usual_template_is_default_and_tool_use_with_tools()
    {
        Assert.Equal("D ", Render(new()));
        Assert.Equal("T f", Render(new() { Defaults = new() { Tools = Json("""[{"name": "f"}]""") } }));
        Assert.Equal("T g", Render(new(), new() { Tools = Json("""[{"name": "g"}]""") }));
    }

    [Fact]
    public void A_file_of_its_own_comes_before_the_settings_and_these_before_other_files()
    {
        _folder.Write("chat_template.json", """{"chat_template": "J"}""");
        Assert.Equal("D ", Render(new()));

        _folder.Write("chat_template.jinja", "A");
        Assert.Equal("A", Render(new()));

        File.Delete(Path.Combine(_folder.Path, "chat_template.jinja"));
        File.Delete(Path.Combine(_folder.Path, "tokenizer_config.json"));
        Assert.Equal("J", Render(new()));
    }

    [Fact]
    public void A_template_is_chosen_by_name_or_file()
    {
        Assert.Equal("R", Render(new() { Template = "rag" }));
        Assert.Equal("F", Render(new() { Template = _folder.Write("other.jinja", "F") }));
    }

    [Fact]
    public void A_conversation_s_own_inputs_come_before_what_is_given_to_all()
    {
        var all = new ChatTemplateChoice
        {
            Defaults = new() { Variables = new Dictionary<string, JsonElement> { ["mood"] = Json("\"calm\"") } },
        };

        Assert.Equal("D calm", Render(all));
        Assert.Equal("D wild", Render(
            all, new() { Variables = new Dictionary<string, JsonElement> { ["mood"] = Json("\"wild\"") } }));
    }

    [Fact]
    public void What_is_neither_a_name_nor_a_file_is_refused() => Assert.Equal(
        "chat template: must be a file or the name of one that the model comes with (default, rag, tool_use), got "
            + "\"rga\"",
        Assert.Throws<TokenizerException>(() => Render(new() { Template = "rga" })).Message);

    [Fact]
    public void Several_templates_without_a_usual_one_want_a_choice()
    {
        _folder.Write("tokenizer_config.json", """{"chat_template": [{"name": "rag", "template": "R"}]}""");

        Assert.Equal(
            $"{_folder.Path}: one of several chat templates must be called default, but they are called rag; choose "
                + "one by its name",
            Assert.Throws<TokenizerException>(() => Render(new())).Message);
        Assert.Equal("R", Render(new() { Template = "rag" }));
    }

    [Fact]
    public void Beside_a_file_of_the_tokenizer_its_template_is_found()
    {
        var file = _folder.Write("tokenizer.json", "{}");

        Assert.Equal("D ", ChatTemplates.For(file, Toy.Chat(), TimeProvider.System).Render(Hi, false));
    }

    [Fact]
    public void The_built_in_layout_takes_nothing_beside_the_turns() => Assert.Equal(
        "chat template: tools, documents, variables and turns that are more than a text must go to the model's own "
            + "template, but it has none; put its chat_template.jinja beside the tokenizer",
        Assert.Throws<TokenizerException>(() => ChatTemplates.For(
            null,
            Toy.Chat(),
            TimeProvider.System,
            new() { Defaults = new() { Tools = Json("[{}]") } })).Message);

    [Theory]
    [InlineData("false", JsonValueKind.False)]
    [InlineData("3", JsonValueKind.Number)]
    [InlineData("[1]", JsonValueKind.Array)]
    [InlineData("high", JsonValueKind.String)]
    [InlineData("", JsonValueKind.String)]
    public void What_is_JSON_is_given_to_a_template_as_such(string text, JsonValueKind kind) =>
        Assert.Equal(kind, TemplateVariable.Read(text).ValueKind);

    public void Dispose() => _folder.Dispose();

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    private string Render(ChatTemplateChoice choice, ConversationInputs? inputs = null) =>
        ChatTemplates.For(_folder.Path, Toy.Chat(), TimeProvider.System, choice).Render(Hi, false, inputs);
}
