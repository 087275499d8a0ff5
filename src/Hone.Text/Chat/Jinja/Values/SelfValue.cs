namespace Hone.Text.Chat.Jinja;

/// <summary>What <c>self</c> stands for: the blocks of the template.</summary>
/// <param name="context">What the blocks can name.</param>
internal sealed class SelfValue(Context context) : Value
{
    /// <inheritdoc/>
    public override string TypeName => "TemplateReference";

    /// <inheritdoc/>
    public override string Description => "jinja2.runtime.TemplateReference object";

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink) => sink.Append("<TemplateReference None>");

    /// <inheritdoc/>
    public override Value? Item(Value key, Run run)
    {
        if (key is not TextValue name || !run.Blocks.TryGetValue(name.Text, out var block))
        {
            return null;
        }

        return new FunctionValue(
            new Builtin(name.Text, [], (_, _) =>
            {
                run.CheckStack();
                run.Budget.Enter();
                var output = new OutputBuffer(run.Budget);
                block(context, output);
                run.Budget.Leave();
                return output.ToValue(run.Escapes);
            }), "BlockReference");
    }
}
