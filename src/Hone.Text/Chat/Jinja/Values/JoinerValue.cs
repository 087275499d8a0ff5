namespace Hone.Text.Chat.Jinja;

/// <summary>Gives nothing the first time it is called, and then a separator.</summary>
/// <param name="separator">The separator.</param>
internal sealed class JoinerValue(Value separator) : Value
{
    private bool _isUsed;

    /// <inheritdoc/>
    public override string TypeName => "Joiner";

    /// <inheritdoc/>
    public override string Description => "jinja2.utils.Joiner object";

    /// <inheritdoc/>
    public override bool IsCallable => true;

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink) => sink.Append("<jinja2.utils.Joiner object>");

    /// <inheritdoc/>
    public override Value? Attribute(string name) => name switch
    {
        "sep" => separator,
        "used" => BoolValue.Of(_isUsed),
        _ => null,
    };

    /// <inheritdoc/>
    public override Value Call(Arguments arguments, Run run)
    {
        var value = _isUsed ? separator : new TextValue("");
        _isUsed = true;
        return value;
    }
}
