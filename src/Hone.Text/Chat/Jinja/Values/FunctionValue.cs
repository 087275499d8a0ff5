namespace Hone.Text.Chat.Jinja;

/// <summary>A function that the interpreter has, or a method with what it belongs to.</summary>
/// <param name="builtin">The function.</param>
/// <param name="type">What Python calls its type.</param>
/// <param name="owner">What it is a method of; null for a function.</param>
internal sealed class FunctionValue(Builtin builtin, string type = "function", Value? owner = null) : Value
{
    /// <inheritdoc/>
    public override string TypeName => type;

    /// <inheritdoc/>
    public override bool IsCallable => true;

    /// <summary>The function's name.</summary>
    public string Name => builtin.Name;

    /// <summary>Attributes that the function has.</summary>
    public IReadOnlyDictionary<string, Value> Attributes { get; init; } = new Dictionary<string, Value>();

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink) => sink.Append(type switch
    {
        "type" => $"<class '{builtin.Name}'>",
        _ when owner is not null => $"<built-in method {builtin.Name} of {owner.TypeName} object>",
        _ => $"<function {builtin.Name}>",
    });

    /// <inheritdoc/>
    public override Value? Attribute(string name) => Attributes.GetValueOrDefault(name);

    /// <inheritdoc/>
    public override Value Call(Arguments arguments, Run run) =>
        builtin.Call(owner is null ? arguments : arguments.With(owner), run);
}
