using Hone.Text.Chat.Jinja;

namespace Hone.Text.Tests.Chat.Jinja;

public sealed class JinjaLimitTests
{
    private static readonly JinjaLimits Small =
        new() { Steps = 10_000, OutputLength = 1000, Memory = 10_000, CallDepth = 20, SyntaxDepth = 30 };

    [Theory]
    [InlineData("{% for i in range(1000) %}{% for j in range(1000) %}{% endfor %}{% endfor %}",
        "chat.jinja:1: the template must end within 10000 steps, it goes on")]
    [InlineData("{{ 'x' * 2000 }}",
        "chat.jinja:1: the output must have at most 1000 characters, it has more")]
    [InlineData("{{ ('a' * 1000000000000) | length }}",
        "chat.jinja:1: the template must make at most 10000 characters and items, it would make more")]
    [InlineData("{{ ([0] * 10 ** 12) | length }}",
        "chat.jinja:1: the template must make at most 10000 characters and items, it would make more")]
    [InlineData("{{ 2 ** 10000000 > 1 }}",
        "chat.jinja:1: a number must have at most 1048576 bits, this one has more")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "chat.jinja:1: calls must nest at most 20 deep, these go deeper")]
    [InlineData("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "chat.jinja:1: calls must nest at most 20 deep, these go deeper")]
    public void A_rendering_ends_at_its_limits(string template, string expected)
    {
        var fault = Rendered.Fault(template, limits: Small);

        Assert.True(fault.IsLimit);
        Assert.Equal(expected, fault.Message);
    }

    [Fact]
    public void A_rendering_that_ends_at_its_limits_has_taken_little_memory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var fault = Rendered.Fault("{{ [1, 2] | tojson(indent=20000000) }}");

        Assert.True(fault.IsLimit);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("[", "", "]")]
    [InlineData("not ", "1", "")]
    [InlineData("-", "1", "")]
    public void Expressions_that_nest_too_deep_are_refused_unread(string open, string middle, string close)
    {
        string Repeated(string text) => string.Concat(Enumerable.Repeat(text, 100_000));

        var fault = Assert.Throws<JinjaException>(
            () => JinjaTemplate.Compile($"{{{{ {Repeated(open)}{middle}{Repeated(close)} }}}}", "chat.jinja", Small));

        Assert.Equal(
            "chat.jinja:1: blocks and expressions must nest at most 30 deep, these nest deeper", fault.Message);
    }

    [Fact]
    public void A_sum_may_have_as_many_parts_as_it_likes() => Assert.Equal(
        "20001", Rendered.Text($"{{{{ 1{string.Concat(Enumerable.Repeat(" + 1", 20_000))} }}}}"));

    [Theory]
    [InlineData("{{ ns.x }}")]
    [InlineData("{{ ns.x | tojson }}")]
    [InlineData("{{ ns.x == [ns.x] }}")]
    [InlineData("{{ ns.x | map('string') | list }}")]
    public void Values_that_nest_too_deep_end_the_rendering_and_not_the_process(string use)
    {
        var fault = Rendered.Fault(
            "{% set ns = namespace(x=[]) %}{% for i in range(100000) %}{% set ns.x = [ns.x] %}{% endfor %}" + use);

        Assert.Equal(
            "chat.jinja:1: values and calls must nest less deep, these are too deep for the stack", fault.Message);
    }
}
