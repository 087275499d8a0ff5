using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary>Whole numbers at equal distances.</summary>
internal sealed class RangeValue : Value
{
    private const int Most = 100_000;

    private readonly BigInteger _start;
    private readonly BigInteger _stop;
    private readonly BigInteger _step;
    private readonly int _count;

    /// <summary>Numbers from a first one up to before another.</summary>
    /// <exception cref="JinjaFault">There are more than templates may have.</exception>
    public RangeValue(BigInteger start, BigInteger stop, BigInteger step)
    {
        if (step.IsZero)
        {
            throw JinjaFault.Value("range() arg 3 must not be zero");
        }

        var span = step.Sign > 0 ? stop - start : start - stop;
        var count = span.Sign <= 0 ? BigInteger.Zero : (span + BigInteger.Abs(step) - 1) / BigInteger.Abs(step);
        if (count > Most)
        {
            throw new JinjaFault(
                "OverflowError", $"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({Most}).");
        }

        (_start, _stop, _step, _count) = (start, stop, step, (int)count);
    }

    /// <inheritdoc/>
    public override string TypeName => "range";

    /// <inheritdoc/>
    public override bool IsTrue => _count > 0;

    /// <inheritdoc/>
    public override bool IsIterable => true;

    /// <inheritdoc/>
    public override int? Count => _count;

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink)
    {
        sink.Append($"range({IntegerValue.Spell(_start)}, {IntegerValue.Spell(_stop)}");
        sink.Append(_step.IsOne ? ")" : $", {IntegerValue.Spell(_step)})");
    }

    /// <inheritdoc/>
    public override Value? Attribute(string name) => name switch
    {
        "start" => IntegerValue.Of(_start),
        "stop" => IntegerValue.Of(_stop),
        "step" => IntegerValue.Of(_step),
        "count" => Method(name, item => IntegerValue.Of(IndexOf(item) is null ? 0 : 1)),
        "index" => Method(name, item => IntegerValue.Of(IndexOf(item) ?? throw JinjaFault.Value(
            item is IntegerValue ? "value is not in range" : "sequence.index(x): x not in sequence"))),
        _ => null,
    };

    /// <inheritdoc/>
    public override Value? Item(Value key, Run run)
    {
        if (key is not SliceValue slice)
        {
            return Numbers.Index(key) is { } place && Sequence.PlaceOf(place, _count) is { } index
                ? IntegerValue.Of(At(index))
                : null;
        }

        var (start, step, count) = slice.Over(_count);
        return new RangeValue(At(start), At(start + (step * count)), _step * step);
    }

    /// <inheritdoc/>
    public override IEnumerable<Value> Items(Run run) => All();

    /// <inheritdoc/>
    public override bool Contains(Value item, Run run) =>
        Numbers.Index(item) is not null ? IndexOf(item) is not null : base.Contains(item, run);

    private static FunctionValue Method(string name, Func<Value, Value> body) =>
        new(new Builtin(name, ["value"], (_, given) => body(given[0]!)), "builtin_function_or_method");

    private int? IndexOf(Value item) => Numbers.Index(item) is { } number
        && (number - _start) is var distance && (distance % _step).IsZero
        && distance / _step is { Sign: >= 0 } index && index < _count
        ? (int)index
        : null;

    private BigInteger At(int index) => _start + (_step * index);

    private IEnumerable<Value> All()
    {
        for (var index = 0; index < _count; index++)
        {
            yield return IntegerValue.Of(At(index));
        }
    }
}
