using System.Text;

namespace Hone.Text.Chat.Jinja;

/// <summary>Text in the making, which counts against the budget.</summary>
internal sealed class TextSink(Run run)
{
    private readonly StringBuilder _text = new();

    /// <summary>The rendering that it belongs to.</summary>
    public Run Run => run;

    /// <summary>Characters so far.</summary>
    public int Length => _text.Length;

    /// <summary>Writes text.</summary>
    public TextSink Append(string text)
    {
        run.Budget.Make(text.Length);
        _text.Append(text);
        return this;
    }

    /// <summary>Writes text.</summary>
    public TextSink Append(ReadOnlySpan<char> text)
    {
        run.Budget.Make(text.Length);
        _text.Append(text);
        return this;
    }

    /// <summary>Writes a character a number of times.</summary>
    public TextSink Append(char letter, long count = 1)
    {
        run.Budget.Make(count);
        _text.Append(letter, (int)Math.Max(count, 0));
        return this;
    }

    /// <summary>Writes the items of something as Python shows them, with commas between them. Values inside of values
    /// may go as deep as the stack does.</summary>
    public void AppendList(IEnumerable<Value> items)
    {
        run.CheckStack();
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst)
            {
                Append(", ");
            }

            item.WriteRepr(this);
            isFirst = false;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
