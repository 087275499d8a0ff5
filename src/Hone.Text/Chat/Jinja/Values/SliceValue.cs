using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary><c>start:stop:step</c>.</summary>
internal sealed class SliceValue(Value start, Value stop, Value step) : Value
{
    /// <inheritdoc/>
    public override string TypeName => "slice";

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink)
    {
        sink.Append("slice(");
        sink.AppendList([start, stop, step]);
        sink.Append(')');
    }

    /// <summary>The places that it means among <paramref name="count"/>: the first, the distance, and how
    /// many.</summary>
    public (int Start, int Step, int Count) Over(int count)
    {
        var distance = Part(step) ?? BigInteger.One;
        if (distance.IsZero)
        {
            throw JinjaFault.Value("slice step cannot be zero");
        }

        var isBackward = distance.Sign < 0;
        BigInteger lowest = isBackward ? -1 : 0;
        BigInteger highest = isBackward ? count - 1 : count;
        var from = Clamp(Part(start), isBackward ? highest : lowest);
        var to = Clamp(Part(stop), isBackward ? lowest : highest);
        var span = isBackward ? from - to : to - from;
        var size = BigInteger.Abs(distance);
        var taken = span.Sign <= 0 ? BigInteger.Zero : (span + size - 1) / size;
        var stride = (int)BigInteger.Max(BigInteger.Min(distance, count + 1), -count - 1);
        return ((int)from, stride, (int)taken);

        BigInteger Clamp(BigInteger? place, BigInteger otherwise) => place is not { } given
            ? otherwise
            : BigInteger.Max(lowest, BigInteger.Min(highest, given.Sign < 0 ? given + count : given));
    }

    /// <summary>The places one by one.</summary>
    public IEnumerable<int> Places(int count)
    {
        var (first, stride, taken) = Over(count);
        for (var index = 0; index < taken; index++)
        {
            yield return first + (index * stride);
        }
    }

    private static BigInteger? Part(Value part) => part is NoneValue
        ? null
        : Numbers.Index(part) ?? throw JinjaFault.Type(
            "slice indices must be integers or None or have an __index__ method");
}
