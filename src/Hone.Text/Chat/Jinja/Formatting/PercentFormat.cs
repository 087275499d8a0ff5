using System.Numerics;
using System.Text;

namespace Hone.Text.Chat.Jinja;

/// <summary><c>'%s is %d' % (a, b)</c>.</summary>
internal sealed class PercentFormat
{
    private readonly TextValue _format;
    private readonly Run _run;
    private readonly IReadOnlyList<Value>? _tuple;
    private readonly Value _arguments;
    private readonly TextSink _sink;
    private int _index;
    private int _taken;

    private PercentFormat(TextValue format, Value arguments, Run run)
    {
        (_format, _arguments, _run) = (format, arguments, run);
        _tuple = arguments is TupleValue tuple ? tuple.Values : null;
        _sink = new TextSink(run);
    }

    /// <summary>The text with the arguments in it.</summary>
    /// <exception cref="JinjaFault">They do not fit.</exception>
    public static TextValue Apply(TextValue format, Value arguments, Run run) =>
        new PercentFormat(format, arguments, run).Write();

    private TextValue Write()
    {
        var text = _format.Text;
        while (_index < text.Length)
        {
            var percent = text.IndexOf('%', _index);
            var end = percent < 0 ? text.Length : percent;
            _sink.Append(text.AsSpan(_index, end - _index));
            _index = end + 1;
            if (percent >= 0)
            {
                Field();
            }
        }

        if (_tuple is not null ? _taken < _tuple.Count : _taken == 0 && !IsMapping)
        {
            throw JinjaFault.Type("not all arguments converted during string formatting");
        }

        return new TextValue(_sink.ToString()) { IsMarkup = _format.IsMarkup };
    }

    private bool IsMapping => _arguments is DictValue or ListValue or UndefinedValue or RangeValue or BytesValue;

    private void Field()
    {
        var text = _format.Text;
        Value? keyed = null;
        if (Peek() == '(')
        {
            keyed = Keyed();
        }

        var flags = new StringBuilder();
        while (Peek() is '#' or '0' or '-' or ' ' or '+')
        {
            flags.Append(text[_index++]);
        }

        var width = Size();
        int? precision = null;
        if (Peek() == '.')
        {
            _index++;
            precision = Size() ?? 0;
        }

        while (Peek() is 'h' or 'l' or 'L')
        {
            _index++;
        }

        var type = Peek() ?? throw JinjaFault.Value("incomplete format");
        _index++;
        var isLeft = flags.ToString().Contains('-') || width < 0;
        var spec = new FormatSpec
        {
            Width = Math.Abs(width ?? 0),
            Align = isLeft ? '<' : '>',
            Precision = precision,
            IsAlternate = flags.ToString().Contains('#'),
            Sign = flags.ToString().Contains('+') ? '+' : flags.ToString().Contains(' ') ? ' ' : '-',
        };
        if (type == '%')
        {
            _sink.Append('%');
            return;
        }

        var fillsZeros = flags.ToString().Contains('0') && !isLeft;
        var (field, prefix) = Convert(type, keyed ?? Take(), spec);
        _sink.Append((prefix >= 0 && fillsZeros ? spec with { Fill = '0', Align = '=' } : spec)
            .Pad(field, '>', _run, Math.Max(prefix, 0)));
    }

    /// <summary>The text of a value, and how much of its start is sign and base; below 0 for what is no
    /// number.</summary>
    private (string Text, int Prefix) Convert(char type, Value value, FormatSpec spec)
    {
        switch (type)
        {
            case 's' or 'r' or 'a':
                var shown = type == 's' ? value.AsText(_run) : Repr.Of(value, _run);
                if (_format.IsMarkup && value is not TextValue { IsMarkup: true })
                {
                    shown = Markup.Escape(shown);
                }

                return (ValueFormat.Apply(
                    new TextValue(shown), spec.Precision is { } most ? $".{most}" : "", _run), -1);
            case 'c':
                return (Letter(value), -1);
            case 'd' or 'i' or 'u' or 'o' or 'x' or 'X':
                return Whole(type, value, spec);
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                return Real(type, value, spec);
            default:
                throw JinjaFault.Value(
                    $"unsupported format character '{type}' (0x{(int)type:x}) at index {_index - 1}");
        }
    }

    private static string Letter(Value value) => value switch
    {
        TextValue { Length: 1 } text => text.Text,
        _ when Numbers.Index(value) is { } code => code.Sign >= 0 && code <= 0x10FFFF
            ? PythonText.OfCodePoint((int)code)
            : throw new JinjaFault("OverflowError", "%c arg not in range(0x110000)"),
        _ => throw JinjaFault.Type("%c requires int or char"),
    };

    private (string Text, int Prefix) Whole(char type, Value value, FormatSpec spec)
    {
        var number = Numbers.Index(value) ?? (value, type) switch
        {
            (FloatValue { Number: var real }, 'd' or 'i' or 'u') when double.IsFinite(real) => new BigInteger(real),
            (UndefinedValue undefined, _) => throw undefined.Fault,
            (_, 'd' or 'i' or 'u') => throw JinjaFault.Type(
                $"%{type} format: a real number is required, not {value.TypeName}"),
            _ => throw JinjaFault.Type($"%{type} format: an integer is required, not {value.TypeName}"),
        };
        var digits = ValueFormat.Digits(BigInteger.Abs(number), type);
        if (spec.Precision is { } least && digits.Length < least)
        {
            _run.Budget.Make(least);
            digits = digits.PadLeft(least, '0');
        }

        var prefix = (number.Sign < 0 ? "-" : spec.Sign == '-' ? "" : spec.Sign.ToString())
            + (spec.IsAlternate && type is 'o' or 'x' or 'X' ? $"0{type}" : "");
        return (prefix + digits, prefix.Length);
    }

    private (string Text, int Prefix) Real(char type, Value value, FormatSpec spec)
    {
        var number = value switch
        {
            UndefinedValue undefined => throw undefined.Fault,
            _ when Numbers.IsNumber(value) => Numbers.Double(value),
            _ => throw JinjaFault.Type($"must be real number, not {value.TypeName}"),
        };
        var prefix = double.IsNegative(number) && !double.IsNaN(number)
            ? "-"
            : spec.Sign == '-' ? "" : spec.Sign.ToString();
        _run.Budget.Work((spec.Precision ?? 0) * 4L);
        var size = Math.Abs(number);
        var word = double.IsNaN(size) ? "nan" : "inf";
        var digits = double.IsFinite(size)
            ? ValueFormat.RealDigits(size, type, spec.Precision ?? 6, spec.IsAlternate)
            : char.IsUpper(type) ? word.ToUpperInvariant() : word;
        return (prefix + digits, prefix.Length);
    }

    private char? Peek() => _index < _format.Text.Length ? _format.Text[_index] : null;

    private Value Keyed()
    {
        if (!IsMapping)
        {
            throw JinjaFault.Type("format requires a mapping");
        }

        var (start, depth) = (++_index, 1);
        for (; depth > 0; _index++)
        {
            depth += Peek() switch
            {
                '(' => 1,
                ')' => -1,
                null => throw JinjaFault.Value("incomplete format key"),
                _ => 0,
            };
        }

        var key = new TextValue(_format.Text[start..(_index - 1)]);
        _taken++;
        return _arguments.Item(key, _run) ?? throw new JinjaFault("KeyError", PythonText.Quote(key.Text));
    }

    private int? Size()
    {
        if (Peek() == '*')
        {
            _index++;
            return Take() is { } value && Numbers.Index(value) is { } given
                ? Numbers.Int(IntegerValue.Of(given))
                : throw JinjaFault.Type("* wants int");
        }

        var start = _index;
        while (Peek() is >= '0' and <= '9')
        {
            _index++;
        }

        if (_index == start)
        {
            return null;
        }

        return int.TryParse(_format.Text.AsSpan(start, _index - start), out var size)
            ? size
            : throw JinjaFault.Limit("a width must be at most 2147483647");
    }

    private Value Take()
    {
        if (_tuple is not null)
        {
            return _taken < _tuple.Count
                ? _tuple[_taken++]
                : throw JinjaFault.Type("not enough arguments for format string");
        }

        return _taken++ == 0 ? _arguments : throw JinjaFault.Type("not enough arguments for format string");
    }
}
