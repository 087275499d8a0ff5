namespace Hone.Text.Chat.Jinja;

/// <summary>What a name stands for that means nothing. It prints as nothing and counts as false; to go on from it is a
/// fault, which says what was missing.</summary>
/// <param name="problem">What was missing.</param>
/// <param name="kind">The class of the fault.</param>
internal sealed class UndefinedValue(Func<string> problem, string kind = "UndefinedError") : Value
{
    /// <inheritdoc/>
    public override string TypeName => "Undefined";

    /// <inheritdoc/>
    public override string Description => "jinja2.runtime.Undefined object";

    /// <inheritdoc/>
    public override bool IsTrue => false;

    /// <inheritdoc/>
    public override bool IsCallable => true;

    /// <inheritdoc/>
    public override bool IsIterable => true;

    /// <inheritdoc/>
    public override int? Count => 0;

    /// <summary>The fault of going on.</summary>
    public JinjaFault Fault => new(kind, problem());

    /// <summary>A variable that does not exist.</summary>
    public static UndefinedValue Name(string name) => new(() => $"{PythonText.Quote(name)} is undefined");

    /// <summary>An attribute or item that <paramref name="owner"/> lacks.</summary>
    public static UndefinedValue Of(Value owner, Value name, Run run) => new(() => name is TextValue text
        ? $"{PythonText.Quote(owner.Description)} has no attribute {PythonText.Quote(text.Text)}"
        : $"{owner.Description} has no element {Repr.Of(name, run)}");

    /// <summary>An attribute that templates must not see.</summary>
    public static UndefinedValue Unsafe(Value owner, string name) => new(
        () => $"access to attribute {PythonText.Quote(name)} of {PythonText.Quote(owner.TypeName)} object is unsafe.",
        "SecurityError");

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink) => sink.Append("Undefined");

    /// <inheritdoc/>
    public override void WriteText(TextSink sink)
    {
    }

    /// <inheritdoc/>
    public override Value? Attribute(string name) =>
        name.StartsWith("__", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal)
            ? null
            : throw Fault;

    /// <inheritdoc/>
    public override Value? Item(Value key, Run run) => throw Fault;

    /// <inheritdoc/>
    public override IEnumerable<Value> Items(Run run) => [];

    /// <inheritdoc/>
    public override Value Call(Arguments arguments, Run run) => throw Fault;
}
