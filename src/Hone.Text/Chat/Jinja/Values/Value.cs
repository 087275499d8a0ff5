namespace Hone.Text.Chat.Jinja;

/// <summary>A value of the template language. Values do what Python's do, and nothing that could reach beyond the
/// template: there is no reflection behind an attribute, only what a class here answers to.</summary>
internal abstract class Value
{
    /// <summary>What Python calls the type.</summary>
    public abstract string TypeName { get; }

    /// <summary>What Jinja calls such a value in messages.</summary>
    public virtual string Description => $"{TypeName} object";

    /// <summary>Whether it counts as true.</summary>
    public virtual bool IsTrue => true;

    /// <summary>Whether it can be called.</summary>
    public virtual bool IsCallable => false;

    /// <summary>Whether it can be gone through, without going.</summary>
    public virtual bool IsIterable => false;

    /// <summary>Writes it as Python shows it inside of a list.</summary>
    public abstract void WriteRepr(TextSink sink);

    /// <summary>Writes it as text.</summary>
    public virtual void WriteText(TextSink sink) => WriteRepr(sink);

    /// <summary>The attribute that the type itself has; null where it has none.</summary>
    public virtual Value? Attribute(string name) => null;

    /// <summary>Whether the type has an attribute of this name that templates must not see: what reaches into Python,
    /// and what would change a list or a dict.</summary>
    public virtual bool Hides(string name) => name is ['_', ..] && DunderNames.Has(TypeName, name);

    /// <summary>The item at a key or place; null where it has no such item, or no items.</summary>
    public virtual Value? Item(Value key, Run run) => null;

    /// <summary>The number of its items, null where it has none.</summary>
    public virtual int? Count => null;

    /// <summary>Goes through its items.</summary>
    public virtual IEnumerable<Value> Items(Run run) =>
        throw JinjaFault.Type($"'{TypeName}' object is not iterable");

    /// <summary>Whether <paramref name="item"/> is in it.</summary>
    public virtual bool Contains(Value item, Run run)
    {
        if (!IsIterable)
        {
            throw JinjaFault.Type($"argument of type '{TypeName}' is not iterable");
        }

        foreach (var one in Items(run))
        {
            run.Budget.Work(1);
            if (Equality.AreEqual(one, item, run))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Calls it.</summary>
    public virtual Value Call(Arguments arguments, Run run) =>
        throw JinjaFault.Type($"'{TypeName}' object is not callable");

    /// <summary>It as text.</summary>
    public string AsText(Run run)
    {
        if (this is TextValue text)
        {
            return text.Text;
        }

        var sink = new TextSink(run);
        WriteText(sink);
        return sink.ToString();
    }
}
