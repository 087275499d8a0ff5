namespace Hone.Text.Tests.Chat.Jinja;

public sealed class JinjaLanguageTests
{
    [Theory]
    [InlineData("{{ 1 }} {{ 1.0 }} {{ 1e16 }} {{ 0.1 + 0.2 }} {{ 1e400 }}", "1 1.0 1e+16 0.30000000000000004 inf")]
    [InlineData("{{ 2 ** 100 }} {{ 7 / 2 }} {{ -7 // 2 }} {{ -7 % 3 }}", "1267650600228229401496703205376 3.5 -4 2")]
    [InlineData("{{ true }} {{ none }} {{ [1, 'it\\'s', none] }}", "True None [1, \"it's\", None]")]
    [InlineData("{{ (1,) }} {{ {'a': [1.5]} }}", "(1,) {'a': [1.5]}")]
    public void Values_are_written_as_Python_writes_them(string template, string expected) =>
        Assert.Equal(expected, Rendered.Text(template));

    [Theory]
    [InlineData("{{ 2 ** 3 ** 2 }}", "64")] // (2³)², from left to right
    [InlineData("{{ -2 ** 2 }}", "4")] // (−2)²
    [InlineData("{{ not 1 == 2 }}", "True")] // not (1 == 2)
    [InlineData("{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }}", "True False")]
    [InlineData("{{ 'a' + 1 ~ 2 }}", "a12")] // 'a' + (1 ~ 2)
    public void Operators_have_the_ranks_of_Jinja(string template, string expected) =>
        Assert.Equal(expected, Rendered.Text(template));

    [Theory]
    [InlineData("a\n  {% if true %}\n  b\n  {% endif %}\nc\n\n", "a\n  b\nc\n")]
    [InlineData("a\n  {%- if true -%}\n  b\n  {%- endif %}\nc", "abc")]
    [InlineData("a\n  {%+ if true +%}\n  b{% endif %}", "a\n  \n  b")]
    [InlineData("a {{- 'x' -}} b {# gone #}\nc", "axb c")]
    [InlineData("{% raw %}{{ x }}{% endraw %}", "{{ x }}")]
    [InlineData("a\r\nb\r", "a\nb")]
    public void Blanks_around_tags_go_as_chat_templates_expect(string template, string expected) =>
        Assert.Equal(expected, Rendered.Text(template));

    [Fact]
    public void A_loop_knows_where_it_is() => Assert.Equal(
        "1/3 first, 2/3, 3/3 last",
        Rendered.Text(
            "{% for x in l %}{{ loop.index }}/{{ loop.length }}"
            + "{{ ' first' if loop.first }}{{ ' last' if loop.last else ', ' }}{% endfor %}",
            """{"l": [7, 8, 9]}"""));

    [Fact]
    public void A_loop_can_be_left_skipped_filtered_and_called_again() => Assert.Equal(
        "0124|24|a(b(c()))",
        Rendered.Text(
            "{% for i in range(9) %}{% if i == 3 %}{% continue %}{% elif i == 5 %}{% break %}{% endif %}{{ i }}"
            + "{% endfor %}|{% for i in range(6) if i and i % 2 == 0 %}{{ i }}{% endfor %}|"
            + "{% for n in tree recursive %}{{ n.n }}({{ loop(n.c) }}){% endfor %}",
            """{"tree": [{"n": "a", "c": [{"n": "b", "c": [{"n": "c", "c": []}]}]}]}"""));

    [Fact]
    public void What_a_loop_sets_is_its_own_and_what_an_if_sets_is_not() => Assert.Equal(
        "0 2",
        Rendered.Text(
            "{% set a = 0 %}{% set b = 0 %}{% for i in [1, 2] %}{% set a = i %}{% endfor %}"
            + "{% if true %}{% set b = 2 %}{% endif %}{{ a }} {{ b }}"));

    [Fact]
    public void A_namespace_carries_values_out_of_loops() => Assert.Equal(
        "6",
        Rendered.Text(
            "{% set ns = namespace(sum=0) %}{% for i in [1, 2, 3] %}{% set ns.sum = ns.sum + i %}{% endfor %}"
            + "{{ ns.sum }}"));

    [Fact]
    public void A_macro_has_defaults_sees_what_is_around_it_and_can_be_given_a_block() => Assert.Equal(
        "[1-2x][3-4x]<in>",
        Rendered.Text(
            "{% macro f(a, b=2) %}[{{ a }}-{{ b }}{{ x }}]{% endmacro %}"
            + "{% macro g() %}<{{ caller() }}>{% endmacro %}"
            + "{{ f(1) }}{{ f(b=4, a=3) }}{% call g() %}in{% endcall %}",
            """{"x": "x"}"""));

    [Theory]
    [InlineData("{{ m | selectattr('role', 'equalto', 'user') | map(attribute='n') | list }}", "[2, 3]")]
    [InlineData("{{ m | map(attribute='role') | unique | sort(reverse=true) | join('>') }}", "user>system")]
    [InlineData("{{ m | groupby('role') | map('first') | join(',') }}", "system,user")]
    [InlineData("{{ (m | last).n | round(1) | string ~ '!' }}", "3!")]
    [InlineData("{{ 2.5 | round }} {{ 3.5 | round }} {{ 2.675 | round(2) }}", "2.0 4.0 2.67")]
    [InlineData("{{ '-5' | float }} {{ '--5' | float }} {{ '+-5' | int }} {{ '1e-1' | float }}", "-5.0 0.0 0 0.1")]
    [InlineData("{{ 'straße ﬁn' | upper }} {{ 'ΑΣ' | lower }} {{ \"it's\" | title }}", "STRASSE FIN ας It's")]
    [InlineData("{{ 'a\nb' | indent(2, true) }}", "  a\n  b")]
    public void Filters_do_what_Jinja_says(string template, string expected) => Assert.Equal(
        expected,
        Rendered.Text(
            template, """{"m": [{"role": "system", "n": 1}, {"role": "user", "n": 2}, {"role": "user", "n": 3}]}"""));

    [Theory]
    [InlineData("{{ t.split('</think>')[-1].lstrip('\n') }}", "answer")]
    [InlineData("{{ t[::-1][:3] }} {{ t | length }} {{ '🙂é'[0] }}", "rew 20 🙂")]
    [InlineData("{{ '{:>4}|{!r}'.format('a', 'b') }}", "   a|'b'")]
    [InlineData("{{ '%s is %05.1f' % ('x', 2.25) }}", "x is 002.2")]
    public void Texts_have_the_methods_of_Python(string template, string expected) =>
        Assert.Equal(expected, Rendered.Text(template, """{"t": "why?</think>\n\nanswer"}"""));

    [Theory]
    [InlineData("{{ o | tojson }}", """{"b": 1, "a": [1.0, null, "é<&'\""]}""")]
    [InlineData("{{ o | tojson(indent=1) }}", "{\n \"b\": 1,\n \"a\": [\n  1.0,\n  null,\n  \"é<&'\\\"\"\n ]\n}")]
    [InlineData("{{ 'é' | tojson(true) }}", "\"\\u00e9\"")] // the first argument is ensure_ascii
    public void JSON_is_written_with_Pythons_blanks_and_nothing_is_escaped_for_HTML(string template, string expected) =>
        Assert.Equal(expected, Rendered.Text(template, """{"o": {"b": 1, "a": [1.0, null, "é<&'\""]}}"""));

    [Theory]
    [InlineData("[{{ x }}][{{ d.x }}][{{ d['x'] }}][{{ none.x }}]", "[][][][]")]
    [InlineData("{{ x is defined }} {{ d.x is none }} {{ x | default('d') }}", "False False d")]
    [InlineData("{% for i in x %}{% else %}empty{% endfor %}", "empty")]
    public void What_does_not_exist_prints_as_nothing(string template, string expected) =>
        Assert.Equal(expected, Rendered.Text(template, """{"d": {}}"""));

    [Fact]
    public void Methods_come_before_keys_after_a_point_and_after_them_in_brackets() => Assert.Equal(
        "dict_items([('items', 1)]) 1",
        Rendered.Text("{{ d.items() }} {{ d['items'] }}", """{"d": {"items": 1}}"""));

    [Fact]
    public void The_time_is_that_of_the_clock() =>
        Assert.Equal("26 Jul 2024, Friday", Rendered.Text("{{ strftime_now('%d %b %Y, %A') }}"));
}
