using Hone.Text.Chat.Jinja;

namespace Hone.Text.Tests.Chat.Jinja;

public sealed class JinjaFaultTests
{
    [Theory]
    [InlineData("a\n{{ x",
        "chat.jinja:2: TemplateSyntaxError: unexpected end of template, expected 'end of print statement'.")]
    [InlineData("{% if x %}",
        "chat.jinja:1: TemplateSyntaxError: Unexpected end of template. Jinja was looking for the "
        + "following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'.")]
    [InlineData("{% do x %}", "chat.jinja:1: TemplateSyntaxError: Encountered unknown tag 'do'.")]
    [InlineData("\n\n{{ x | nofilter }}", "chat.jinja:3: TemplateAssertionError: No filter named 'nofilter'.")]
    [InlineData("{{ (x }}", "chat.jinja:1: TemplateSyntaxError: unexpected '}', expected ')'")]
    [InlineData("{% break %}", "chat.jinja:1: SyntaxError: 'break' outside loop")]
    public void A_template_that_is_not_Jinja_is_refused_with_its_line(string template, string expected) => Assert.Equal(
        expected, Assert.Throws<JinjaException>(() => JinjaTemplate.Compile(template, "chat.jinja")).Message);

    [Theory]
    [InlineData("a\n{{ x.y }}", "chat.jinja:2: UndefinedError: 'x' is undefined")]
    [InlineData("{{ d.x.y }}", "chat.jinja:1: UndefinedError: 'dict object' has no attribute 'x'")]
    [InlineData("{{ 'a' + 1 }}", "chat.jinja:1: TypeError: can only concatenate str (not \"int\") to str")]
    [InlineData("{{ 1 // 0 }}", "chat.jinja:1: ZeroDivisionError: integer division or modulo by zero")]
    [InlineData("{{ dict([[]]) }}",
        "chat.jinja:1: ValueError: dictionary update sequence element #0 has length 0; 2 is required")]
    [InlineData("{{ dict([[1, 2], [3]]) }}",
        "chat.jinja:1: ValueError: dictionary update sequence element #1 has length 1; 2 is required")]
    [InlineData("{% for x in none %}{% endfor %}", "chat.jinja:1: TypeError: 'NoneType' object is not iterable")]
    [InlineData("\n{{ raise_exception('roles must alternate') }}",
        "chat.jinja:2: the template refuses what it is given: roles must alternate")]
    [InlineData("{% macro f() %}\n{{ x.y }}{% endmacro %}\n\n{{ f() }}",
        "chat.jinja:2: UndefinedError: 'x' is undefined")]
    public void A_template_that_fails_says_where_and_why(string template, string expected) =>
        Assert.Equal(expected, Rendered.Fault(template, """{"d": {}}""").Message);

    [Theory]
    [InlineData("{{ ''.__class__.__mro__ }}", "access to attribute '__class__' of 'str' object is unsafe.")]
    [InlineData("{{ l.append(1) }}", "access to attribute 'append' of 'list' object is unsafe.")]
    [InlineData("{{ d.update({'a': 1}) }}", "access to attribute 'update' of 'dict' object is unsafe.")]
    [InlineData("{% set ns = namespace(_x=1) %}", "Chat templates cannot store underscore-prefixed attributes on a "
        + "namespace, but got '_x'. Please rename the attribute.")]
    public void A_template_neither_reaches_out_nor_changes_what_it_is_given(string template, string problem)
    {
        var fault = Rendered.Fault(template, """{"l": [], "d": {}}""");

        Assert.Equal(("SecurityError", problem), (fault.Kind, fault.Problem));
    }

    [Fact]
    public void Nothing_can_be_loaded() => Assert.Equal(
        "chat.jinja:1: TypeError: no loader for this environment specified",
        Rendered.Fault("{% include 'other.jinja' %}").Message);
}
