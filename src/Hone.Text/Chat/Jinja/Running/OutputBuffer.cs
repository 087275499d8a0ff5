using System.Text;

namespace Hone.Text.Chat.Jinja;

/// <summary>Text that a template writes, with what of it came out of <c>generation</c> blocks.</summary>
internal sealed class OutputBuffer(Budget budget)
{
    private readonly StringBuilder _text = new();
    private List<Range>? _generated;

    /// <summary>Characters so far.</summary>
    public int Length => _text.Length;

    /// <summary>What came out of <c>generation</c> blocks, in order.</summary>
    public IReadOnlyList<Range> Generated => _generated ?? (IReadOnlyList<Range>)[];

    /// <summary>Writes a text, with what of it was generated.</summary>
    public void Append(TextValue value)
    {
        foreach (var span in value.Generated ?? [])
        {
            MarkGenerated(Length + span.Start.Value, Length + span.End.Value);
        }

        Append(value.Text);
    }

    /// <summary>Writes a text.</summary>
    public void Append(string text)
    {
        _text.Append(text);
        budget.CheckOutput(_text.Length);
    }

    /// <summary>Says that a part was generated.</summary>
    public void MarkGenerated(int start, int end) => (_generated ??= []).Add(start..end);

    /// <summary>What was written.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>What was written, as a value.</summary>
    public TextValue ToValue(bool isMarkup)
    {
        budget.Make(_text.Length);
        return new TextValue(_text.ToString()) { Generated = _generated, IsMarkup = isMarkup };
    }
}
