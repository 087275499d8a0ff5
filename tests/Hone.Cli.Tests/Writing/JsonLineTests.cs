using Hone.Cli.Writing;

namespace Hone.Cli.Tests.Writing;

public sealed class JsonLineTests
{
    [Fact]
    public void An_object_is_one_line_with_letters_as_they_are()
    {
        var output = new StringWriter();

        JsonLine.Write(output, json =>
        {
            json.WriteString("text", "é \"▁\"\n");
            json.WriteNumbers("ids", [1, 2]);
            json.WriteTexts("tokens", ["<s>", "▁a"]);
        });

        Assert.Equal("{\"text\":\"é \\\"▁\\\"\\n\",\"ids\":[1,2],\"tokens\":[\"<s>\",\"▁a\"]}\n", output.ToString());
    }

    [Fact]
    public void Metrics_that_are_not_finite_become_null()
    {
        var output = new StringWriter();

        JsonLine.Write(output, json => json.WriteMetrics("metrics", [new("loss", 0.5), new("ratio", double.NaN)]));

        Assert.Equal("{\"metrics\":{\"loss\":0.5,\"ratio\":null}}\n", output.ToString());
    }
}
