namespace Hone.Text.Chat.Jinja;

/// <summary><c>none</c>.</summary>
internal sealed class NoneValue : Value
{
    private NoneValue()
    {
    }

    /// <summary>The only one.</summary>
    public static NoneValue None { get; } = new();

    /// <inheritdoc/>
    public override string TypeName => "NoneType";

    /// <inheritdoc/>
    public override string Description => "None";

    /// <inheritdoc/>
    public override bool IsTrue => false;

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink) => sink.Append("None");
}
