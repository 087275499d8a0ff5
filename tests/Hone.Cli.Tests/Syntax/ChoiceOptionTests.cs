using System.CommandLine;
using Hone.Cli.Syntax;

namespace Hone.Cli.Tests.Syntax;

public sealed class ChoiceOptionTests
{
    [Theory]
    [InlineData("--clock sun", "--clock: must be wall or cpu, got sun")]
    [InlineData("--type f64", "--type: must be f32, bf16 or f16, got f64")]
    [InlineData("--type F32", "--type: must be f32, bf16 or f16, got F32")]
    public void What_is_none_of_the_words_is_refused_with_all_of_them(string words, string message)
    {
        var parsed = Command().Parse(words);

        Assert.Equal([message], parsed.Errors.Select(error => error.Message));
    }

    [Fact]
    public void What_is_not_given_has_its_default_or_none()
    {
        var command = Command();

        var parsed = command.Parse("");

        Assert.Equal("wall", parsed.GetValue<string>("--clock"));
        Assert.Null(parsed.GetValue<string?>("--type"));
        Assert.Equal("f16", command.Parse("--type f16").GetValue<string?>("--type"));
    }

    private static Command Command() => new("sample")
    {
        ChoiceOption.Of("--clock", "What is counted", standard: "wall", "wall", "cpu"),
        ChoiceOption.Optional("--type", "How it is stored", "f32", "bf16", "f16"),
    };
}
