using System.Text.Json;
using Hone.Text.Chat.Jinja;

namespace Hone.Fuzz.Targets;

/// <summary>Reading a chat template and rendering a conversation with it.</summary>
internal sealed class TemplateTarget : ITarget
{
    private static readonly Dictionary<string, JsonElement> Variables = JsonDocument.Parse(
        """
        {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Grüße 👋"},
          {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": {"a": [1, 2.5, null, true]}}}]},
          {"role": "tool", "content": "{}"}, {"role": "assistant", "content": "<think>x</think> y"}],
         "tools": [{"type": "function", "function": {"name": "f", "description": "d", "parameters": {}}}],
         "documents": null, "add_generation_prompt": true, "bos_token": "<s>", "eos_token": "</s>"}
        """).RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value);

    public string Name => "template";

    public string FileName => "chat_template.jinja";

    public IEnumerable<byte[]> Seeds(string tests) =>
    [
        """
        {% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' + '\n' }}{% endfor %}
        {% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
        """u8.ToArray(),
        """
        {{- bos_token }}{%- set ns = namespace(last=-1) %}
        {%- for m in messages[::-1] %}{% if m.role == 'user' and ns.last < 0 %}{% set ns.last = loop.index0 %}{% endif %}{% endfor %}
        {%- macro call(c) -%}{{ c.function.name | upper }}({{ c.function.arguments | tojson(indent=2) }}){%- endmacro %}
        {%- for m in messages %}
            {%- if m.tool_calls is defined and m.tool_calls %}{{ call(m.tool_calls[0]) }}
            {%- elif m.role == "assistant" %}{% generation %}{{ m.content.split('</think>')[-1].lstrip() ~ eos_token }}{% endgeneration %}
            {%- else %}{{ "%s: %s" | format(m.role, m.content | trim) }}{% endif %}
        {%- endfor %}
        """u8.ToArray(),
        """
        {% set x = [1, 2, 3] | map('string') | join(', ') %}{{ x[1:] | replace(',', ';') | title }} {{ range(5) | list | sum }}
        {% for k, v in {'b': 2, 'a': 1} | dictsort %}{{ loop.cycle('x', 'y') }}{{ k }}={{ v ** 3 // 2 % 5 }}{% else %}none{% endfor %}
        {{ 'abc' is string and not (none is defined) }} {{ '%05.2f' % 3.14159 }} {{ "{:>8}".format('r') }} {{ strftime_now('%Y') | length }}
        {% if tools %}{{ tools | tojson }}{% endif %}{# a comment #}{% raw %}{{ raw }}{% endraw %}{% for i in range(3) recursive %}{{ i }}{% endfor %}
        """u8.ToArray(),
    ];

    public long Read(string path)
    {
        var template = JinjaTemplate.Compile(File.ReadAllText(path), "template");
        return 2L * template.Render(Variables, TimeProvider.System).Text.Length;
    }
}
