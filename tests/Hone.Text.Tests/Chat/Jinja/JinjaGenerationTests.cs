using Hone.Text.Chat.Jinja;

namespace Hone.Text.Tests.Chat.Jinja;

public sealed class JinjaGenerationTests
{
    [Theory]
    [InlineData("a{% generation %}b{{ x }}{% endgeneration %}c", "bX")]
    [InlineData("a{% generation %}{% endgeneration %}c", "")]
    [InlineData("{% macro f() %}<{% generation %}b{% endgeneration %}>{% endmacro %}1{{ f() }}2{{ f() }}", "b|b")]
    [InlineData("{% set t %}<{% generation %}b{% endgeneration %}>{% endset %}1{{ t }}{{ 'x' ~ t }}", "b|b")]
    [InlineData("{% set t %}  {% generation %} b {% endgeneration %}{% endset %}1{{ t | trim }}2", "b")]
    [InlineData("{% filter trim %}  <{% generation %}b{% endgeneration %}{% endfilter %}", "b")]
    public void What_blocks_generate_is_known_wherever_it_ends_up(string template, string generated)
    {
        var rendering = Rendered.Of(template, """{"x": "X"}""");

        Assert.Equal(
            generated, string.Join('|', rendering.GenerationSpans.Select(span => rendering.Text[span])));
    }

    [Fact]
    public void A_block_has_variables_of_its_own() => Assert.Equal(
        "21", Rendered.Text("{% set x = 1 %}{% generation %}{% set x = 2 %}{{ x }}{% endgeneration %}{{ x }}"));

    [Theory]
    [InlineData("{% if x %}{% generation %}a{% endgeneration %}{% endif %}", true)]
    [InlineData("{{ 'generation' }}", false)]
    public void A_template_knows_whether_it_has_such_blocks(string template, bool expected) =>
        Assert.Equal(expected, JinjaTemplate.Compile(template, "chat.jinja").HasGeneration);
}
