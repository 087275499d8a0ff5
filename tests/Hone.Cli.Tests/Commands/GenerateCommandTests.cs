using System.Text.Json;

namespace Hone.Cli.Tests.Commands;

public sealed class GenerateCommandTests : IDisposable
{
    private const string Note =
        "note: the model comes with no chat template; conversations are laid out as ChatML, as far as its tokenizer "
            + "has the tokens\n";

    private readonly ScratchFolder _scratch = new();

    public GenerateCommandTests() => TinyModel.Write(_scratch.Path, stopTokens: 257);

    [Fact]
    public void A_sample_is_one_object_with_just_these_fields()
    {
        var run = Generate("--prompt", "ab", "--max-new-tokens", "5", "--json");

        var sample = Assert.Single(Objects(run));
        Assert.Equal(
            ["prompt", "tokens", "text", "finish_reason", "log_probs"],
            sample.EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            ("ab", 5, "length"), (Text(sample, "prompt"), Tokens(sample).Length, Text(sample, "finish_reason")));
        Assert.Equal(5, sample.GetProperty("log_probs").GetArrayLength());
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Errors));
    }

    [Fact]
    public void Log_probs_are_those_that_score_gives_to_the_same_tokens()
    {
        var sample = Assert.Single(
            Objects(Generate("--prompt", "ab", "--max-new-tokens", "8", "--temperature", "1.5", "--json")));
        int[] all = [256, 97, 98, .. Tokens(sample)];
        var rows = _scratch.File("rows.jsonl", JsonSerializer.Serialize(new { tokens = all }));

        var scored = Assert.Single(Objects(new HoneRun("score", _scratch.Path, "--input", rows, "--json")));

        var expected = scored.GetProperty("log_probs").EnumerateArray().Skip(3).Select(
            value => value.GetSingle()).ToArray();
        Assert.All(
            sample.GetProperty("log_probs").EnumerateArray().Select(value => value.GetSingle()).Zip(expected),
            pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }

    [Fact]
    public void What_a_sample_draws_does_not_depend_on_what_else_is_asked_for()
    {
        string[] sampled = ["--temperature", "1", "--seed", "3", "--max-new-tokens", "6", "--json"];

        var alone = Objects(Generate(["--prompt", "ab", .. sampled]));
        var together = Objects(Generate(["--prompt", "ab", "--prompt", "x", "-n", "2", .. sampled]));

        Assert.Equal(4, together.Length);
        Assert.Equal(Tokens(alone[0]), Tokens(together[0]));
        Assert.NotEqual(Tokens(together[0]), Tokens(together[1]));
        Assert.Equal(["ab", "ab", "x", "x"], together.Select(sample => Text(sample, "prompt")));
    }

    [Fact]
    public void The_stop_token_is_among_the_tokens_and_not_in_the_text()
    {
        // Whatever greedy choice takes second becomes the stop token, so that the sample ends there.
        var second = Tokens(Objects(Generate("--prompt", "ab", "--max-new-tokens", "2", "--json"))[0]);
        TinyModel.Write(_scratch.Path, second[1]);

        var sample = Objects(Generate("--prompt", "ab", "--json"))[0];

        Assert.Equal("stop", Text(sample, "finish_reason"));
        Assert.Equal(second, Tokens(sample));
    }

    [Fact]
    public void A_text_can_end_a_sample()
    {
        var free = Text(
            Objects(Generate("--prompt", "ab", "--max-new-tokens", "20", "--temperature", "1", "--json"))[0], "text");
        var stop = free.EnumerateRunes().First(rune => rune.Value < 128).ToString();

        var sample = Objects(
            Generate("--prompt", "ab", "--max-new-tokens", "20", "--temperature", "1", "--stop", stop, "--json"))[0];

        Assert.Equal("stop", Text(sample, "finish_reason"));
        Assert.EndsWith(stop, Text(sample, "text"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_prompt_begins_with_the_token_that_begins_a_text()
    {
        var run = Generate("--prompt", "", "--max-new-tokens", "3", "--json");

        Assert.Equal((ExitCode.Done, ""), (run.Code, Text(Objects(run)[0], "prompt")));
    }

    [Fact]
    public void Conversations_are_laid_out_by_the_template()
    {
        var list = _scratch.File("one.json", """[{"role": "user", "content": "hi"}]""");
        var rows = _scratch.File(
            "two.jsonl",
            "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}\n{\"messages\": [{\"role\": \"user\", "
                + "\"content\": \"yo\"}]}\n");

        // The tokenizer has no chat marks: a turn ends with its end of text, </s>.
        Assert.Equal(
            ["user\nhi</s>\nassistant\n"],
            Objects(Generate("--messages", list, "--max-new-tokens", "2", "--json")).Select(
                sample => Text(sample, "prompt")));
        Assert.Equal(
            ["user\nhi</s>\nassistant\n", "user\nyo</s>\nassistant\n"],
            Objects(Generate("--messages", rows, "--max-new-tokens", "2", "--json")).Select(
                sample => Text(sample, "prompt")));
    }

    [Fact]
    public void A_conversation_is_laid_out_with_its_calls_of_tools_and_what_the_command_line_gives()
    {
        _scratch.File(
            "chat_template.jinja",
            "{{ tools[0].name }}{{ documents[0].title }}{{ mood }}{% for m in messages %}{{ m.role[0] }}"
            + "{{ m.tool_calls[0].function.name if m.tool_calls else m.content }};{% endfor %}");
        var list = _scratch.File(
            "one.json",
            """
            [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"function": {"name": "g"}}]},
             {"role": "tool", "content": "9"}]
            """);

        var run = Generate(
            "--messages", list, "--tools", _scratch.File("tools.json", """[{"name": "f"}]"""),
            "--documents", _scratch.File("documents.json", """[{"title": "d"}]"""),
            "--template-set", "mood=calm", "--max-new-tokens", "2", "--json");

        Assert.Equal("", run.Errors);
        Assert.Equal(["fdcalmuhi;ag;t9;"], Objects(run).Select(sample => Text(sample, "prompt")));
    }

    [Fact]
    public void The_last_turn_of_a_conversation_goes_on_where_it_breaks_off()
    {
        var begun = _scratch.File(
            "begun.json", """[{"role": "user", "content": "hi"}, {"role": "assistant", "content": "Well, "}]""");
        var asked = _scratch.File("asked.json", """[{"role": "user", "content": "hi"}]""");

        Assert.Equal(
            ["user\nhi</s>\nassistant\nWell, "],
            Objects(Generate("--messages", begun, "--continue", "--max-new-tokens", "2", "--json"))
                .Select(sample => Text(sample, "prompt")));
        Assert.Equal(
            (ExitCode.BadInput, $"{Note}--continue: the last turn must be the assistant's, to go on from there, got "
                + "user\n"),
            (Generate("--messages", asked, "--continue").Code, Generate("--messages", asked, "--continue").Errors));
    }

    [Fact]
    public void A_template_that_the_model_does_not_have_is_refused()
    {
        var run = Generate(
            "--messages", _scratch.File("a.json", """[{"role": "user", "content": "hi"}]"""), "--template", "rag");

        Assert.Equal(
            (ExitCode.BadInput,
                "chat template: must be a file or the name of one that the model comes with (none), got \"rag\"\n"),
            (run.Code, run.Errors));
    }

    [Fact]
    public void People_see_the_prompt_go_on()
    {
        var text = Text(Objects(Generate("--prompt", "ab", "--max-new-tokens", "5", "--json"))[0], "text");

        var run = Generate("--prompt", "ab", "--max-new-tokens", "5");

        Assert.Equal($"ab{text}\n", run.Output);
    }

    [Theory]
    [InlineData("--json", "hone generate: must be given --prompt or --messages\n")]
    [InlineData("--prompt a --top-p 0.9", "--top-p: must go with a temperature above 0, which is 0 by the model's "
        + "own choice; add --temperature 1\n")]
    [InlineData("--prompt a --top-k 3 --temperature 0", "--top-k: must go with a temperature above 0, which is 0; "
        + "add --temperature 1\n")]
    [InlineData("--prompt a --temperature 1 --top-p 0", "--top-p: must be above 0 and at most 1, got 0\n")]
    [InlineData("--prompt a --repetition-penalty 0",
        "hone generate: --repetition-penalty: must be a number from 0.001 to 1000, got 0\nsee `hone generate "
        + "--help`\n")]
    [InlineData("--prompt a --stop ", "--stop: must not be empty texts, one of them is\n")]
    [InlineData("--prompt a --seed -1", "hone generate: --seed: must be a whole number from 0, got -1\nsee `hone "
        + "generate --help`\n")]
    [InlineData("--prompt a --template x", "--template: must go with --messages, a --prompt is no conversation\n")]
    [InlineData("--prompt a --tools x", "--tools: must go with --messages, a --prompt is no conversation\n")]
    [InlineData("--prompt a --continue", "--continue: must go with --messages, a --prompt is no conversation\n")]
    [InlineData("--prompt a --draft-tokens 3", "--draft-tokens: must go with --speculate, which is not given\n")]
    [InlineData("--prompt a --speculate lookup --draft-weights int8",
        "--draft-weights: must go with --speculate MODEL, which is not given\n")]
    [InlineData("--prompt a --compute fp8", "hone generate: --compute: must be float32, bfloat16 or auto, got "
        + "fp8\nsee `hone generate --help`\n")]
    public void What_cannot_be_honoured_is_refused(string words, string message)
    {
        var run = Generate(words.Split(' '));

        Assert.Equal((ExitCode.BadInput, "", message), (run.Code, run.Output, run.Errors));
    }

    [Fact]
    public void A_prompt_longer_than_the_context_is_refused()
    {
        var run = Generate("--prompt", new string('a', 80), "--json");

        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Equal(
            "prompt 0: must be shorter than the model's context of 64 tokens, it has 81; cut it\n", run.Errors);
    }

    [Fact]
    public void A_folder_that_is_no_model_is_refused()
    {
        var run = new HoneRun("generate", "/no/such/model", "--prompt", "a");

        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Equal("/no/such/model: must be a model folder, there is no such folder; check the path\n", run.Errors);
    }

    public void Dispose() => _scratch.Dispose();

    private static JsonElement[] Objects(HoneRun run) =>
        [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
            line => JsonSerializer.Deserialize<JsonElement>(line))];

    private static string Text(JsonElement sample, string field) => sample.GetProperty(field).GetString()!;

    private static int[] Tokens(JsonElement sample) =>
        [.. sample.GetProperty("tokens").EnumerateArray().Select(value => value.GetInt32())];

    [Fact]
    public void Speculation_changes_nothing_but_the_passes()
    {
        string[] asked =
            ["--prompt", "abcabcabc", "-n", "3", "--temperature", "0.5", "--max-new-tokens", "21", "--json"];
        var plain = Generate(asked);

        var copied = Generate([.. asked, "--speculate", "lookup"]);
        var drafted = Generate([.. asked, "--speculate", _scratch.Path, "--draft-tokens", "3"]);

        Assert.Equal((ExitCode.Done, plain.Output), (copied.Code, copied.Output));
        Assert.Matches(
            @"^speculation: \d+ of \d+ drafted tokens were right \([\d.]+ %\); 63 new tokens in \d+ passes\n$",
            copied.Errors);

        // The model drafts for itself: of each 21 tokens the first comes with the prompt, then 5 passes give 4 each.
        Assert.Equal((ExitCode.Done, plain.Output), (drafted.Code, drafted.Output));
        Assert.Equal(
            "speculation: 45 of 45 drafted tokens were right (100 %); 63 new tokens in 6 passes\n", drafted.Errors);
    }

    [Fact]
    public void A_draft_model_in_few_bits_changes_no_token()
    {
        string[] asked = ["--prompt", "abcabcabc", "--temperature", "0.5", "--max-new-tokens", "41", "--json"];
        var plain = Generate(asked);

        var coded = Generate([.. asked, "--speculate", _scratch.Path, "--draft-weights", "int4"]);

        // The same model, but that it is in 4 bits: not all that it drafts is right.
        Assert.Equal((ExitCode.Done, plain.Output), (coded.Code, coded.Output));
        Assert.Matches(@"^speculation: \d+ of \d+ drafted tokens were right \((?!100)[\d.]+ %\)", coded.Errors);
    }

    [Fact]
    public void A_draft_model_that_is_not_there_is_named()
    {
        var run = Generate("--prompt", "a", "--speculate", "/no/such/model");

        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.StartsWith("/no/such/model", run.Errors, StringComparison.Ordinal);
    }

    private HoneRun Generate(params string[] words) => new(["generate", _scratch.Path, .. words]);
}
