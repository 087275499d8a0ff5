namespace Hone.Text.Chat.Jinja;

/// <summary>A text.</summary>
/// <param name="text">The text.</param>
internal sealed class TextValue(string text) : Value
{
    private int _length = -1;

    /// <inheritdoc/>
    public override string TypeName => IsMarkup ? "Markup" : "str";

    /// <inheritdoc/>
    public override string Description => IsMarkup ? "markupsafe.Markup object" : "str object";

    /// <inheritdoc/>
    public override bool IsTrue => text.Length > 0;

    /// <inheritdoc/>
    public override bool IsIterable => true;

    /// <summary>The number of code points.</summary>
    public override int? Count => Length;

    /// <summary>The text.</summary>
    public string Text => text;

    /// <summary>Whether it is HTML already, which is not escaped again.</summary>
    public bool IsMarkup { get; init; }

    /// <summary>What of it came out of <c>generation</c> blocks (UTF-16); null for nothing.</summary>
    public IReadOnlyList<Range>? Generated { get; init; }

    /// <summary>The number of code points.</summary>
    public int Length => _length >= 0 ? _length : _length = PythonText.CountCodePoints(text);

    /// <summary>Whether each code point is one character.</summary>
    public bool IsPlain => Length == text.Length;

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink)
    {
        sink.Run.Budget.Work(text.Length / 8);
        sink.Run.Budget.Make(text.Length);
        sink.Append(IsMarkup ? $"Markup({PythonText.Quote(text)})" : PythonText.Quote(text));
    }

    /// <inheritdoc/>
    public override void WriteText(TextSink sink) => sink.Append(text);

    /// <inheritdoc/>
    public override Value? Attribute(string name) => TextMethods.Find(this, name);

    /// <inheritdoc/>
    public override Value? Item(Value key, Run run)
    {
        if (key is SliceValue slice)
        {
            return Slice(slice, run);
        }

        if (Numbers.Index(key) is not { } place || Sequence.PlaceOf(place, Length) is not { } index)
        {
            return null;
        }

        return IsPlain
            ? Letter(text[index])
            : new TextValue(PythonText.OfCodePoint(PointAt(index, run))) { IsMarkup = IsMarkup };
    }

    /// <inheritdoc/>
    public override IEnumerable<Value> Items(Run run)
    {
        for (var index = 0; index < text.Length;)
        {
            var point = PythonText.CodePointAt(text, index, out var length);
            index += length;
            run.Budget.MakeItems(length == 1 && point < 128 ? 0 : 2);
            yield return length == 1 ? Letter((char)point) : new TextValue(PythonText.OfCodePoint(point));
        }
    }

    /// <inheritdoc/>
    public override bool Contains(Value item, Run run)
    {
        run.Budget.Work(text.Length / 16);
        return item switch
        {
            TextValue part => text.Contains(part.Text, StringComparison.Ordinal),
            UndefinedValue undefined => throw JinjaFault.Type(
                $"'in <string>' requires string as left operand, not {undefined.TypeName}"),
            _ => throw JinjaFault.Type($"'in <string>' requires string as left operand, not {item.TypeName}"),
        };
    }

    private static TextValue Letter(char letter) =>
        letter < 128 ? Letters.Ascii[letter] : new TextValue(letter.ToString());

    private TextValue Slice(SliceValue slice, Run run)
    {
        var (start, step, count) = slice.Over(Length);
        if (IsPlain && step == 1)
        {
            return run.Text(text.Substring(start, count)) is var part && IsMarkup
                ? new TextValue(part.Text) { IsMarkup = true }
                : part;
        }

        run.Budget.Work(text.Length / 8);
        var points = PythonText.CodePoints(text);
        var sink = new System.Text.StringBuilder();
        for (var taken = 0; taken < count; taken++)
        {
            PythonText.AppendCodePoint(sink, points[start + (taken * step)]);
        }

        run.Budget.Make(sink.Length);
        return new TextValue(sink.ToString()) { IsMarkup = IsMarkup };
    }

    private int PointAt(int index, Run run)
    {
        run.Budget.Work(text.Length / 8);
        return PythonText.CodePoints(text)[index];
    }

    private static class Letters
    {
        public static readonly TextValue[] Ascii =
            [.. Enumerable.Range(0, 128).Select(code => new TextValue(((char)code).ToString()))];
    }
}
