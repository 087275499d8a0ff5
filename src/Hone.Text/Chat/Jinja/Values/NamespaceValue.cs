namespace Hone.Text.Chat.Jinja;

/// <summary>What <c>namespace()</c> makes: attributes that a template can set anywhere.</summary>
internal sealed class NamespaceValue : Value
{
    private readonly Dictionary<string, Value> _attributes = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string TypeName => "TemplateNamespace";

    /// <inheritdoc/>
    public override string Description => "transformers.utils.chat_template_utils.TemplateNamespace object";

    /// <summary>Sets an attribute.</summary>
    /// <exception cref="JinjaFault">Its name begins with an underline.</exception>
    public void Set(string name, Value value) => _attributes[name] = name is not ['_', ..]
        ? value
        : throw new JinjaFault(
            "SecurityError",
            "Chat templates cannot store underscore-prefixed attributes on a namespace, but got "
            + $"{PythonText.Quote(name)}. Please rename the attribute.");

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink)
    {
        sink.Run.CheckStack();
        sink.Append("<Namespace {");
        var isFirst = true;
        foreach (var (name, value) in _attributes)
        {
            sink.Append(isFirst ? "" : ", ").Append(PythonText.Quote(name)).Append(": ");
            value.WriteRepr(sink);
            isFirst = false;
        }

        sink.Append("}>");
    }

    /// <inheritdoc/>
    public override bool Hides(string name) => name == "__class__";

    /// <inheritdoc/>
    public override Value? Attribute(string name) => _attributes.GetValueOrDefault(name);
}
