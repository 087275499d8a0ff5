using System.CommandLine;
using Hone.Cli.Syntax;

namespace Hone.Cli.Tests.Syntax;

public sealed class NumberOptionTests
{
    [Theory]
    [InlineData("--samples 0", "--samples: must be a whole number from 1, got 0")]
    [InlineData("--samples two", "--samples: must be a whole number from 1, got two")]
    [InlineData("--samples 1.5", "--samples: must be a whole number from 1, got 1.5")]
    [InlineData("--top-p 1.5", "--top-p: must be a number from 0 to 1, got 1.5")]
    [InlineData("--top-p NaN", "--top-p: must be a number from 0 to 1, got NaN")]
    public void What_is_no_number_in_range_is_refused_in_words(string words, string message)
    {
        var parsed = Command().Parse(words);

        Assert.Equal([message], parsed.Errors.Select(error => error.Message));
    }

    [Fact]
    public void What_is_not_given_has_its_default_or_none()
    {
        var command = Command();

        var parsed = command.Parse("");

        Assert.Equal(1, parsed.GetValue<int>("--samples"));
        Assert.Null(parsed.GetValue<double?>("--top-p"));
        Assert.Equal(0.9, command.Parse("--top-p 0.9").GetValue<double?>("--top-p"));
    }

    private static Command Command() => new("sample")
    {
        NumberOption.Of("--samples", "N", "How many", standard: 1, least: 1),
        NumberOption.Optional("--top-p", "P", "How much", least: 0.0, most: 1),
    };
}
