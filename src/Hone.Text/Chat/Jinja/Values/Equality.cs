using System.Globalization;
using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary>Which values are equal.</summary>
internal static class Equality
{
    /// <summary>Whether two values are equal. Those inside of others may go as deep as the stack does.</summary>
    public static bool AreEqual(Value left, Value right, Run? run)
    {
        if (left is TextValue a && right is TextValue b)
        {
            run?.Budget.Work(a.Text.Length == b.Text.Length ? 1 + (a.Text.Length / 32) : 1);
            return a.Text == b.Text;
        }

        if (Numbers.IsNumber(left) && Numbers.IsNumber(right))
        {
            return Numbers.Compare(left, right) == 0;
        }

        run?.CheckStack();
        return (left, right) switch
        {
            (ListValue one, ListValue other) => AllEqual(one.Values, other.Values, run),
            (TupleValue one, TupleValue other) => AllEqual(one.Values, other.Values, run),
            (DictValue one, DictValue other) => AllEqual(one, other, run),
            (DictViewValue { IsSet: true } one, DictViewValue { IsSet: true } other) =>
                one.Count == other.Count && run is not null && one.Items(run).All(item => other.Contains(item, run)),
            (RangeValue one, RangeValue other) =>
                run is not null && one.Count == other.Count && one.Items(run).Zip(other.Items(run))
                    .All(pair => AreEqual(pair.First, pair.Second, run)),
            (BytesValue one, BytesValue other) => one.Bytes.SequenceEqual(other.Bytes),
            (UndefinedValue, UndefinedValue) => true,
            _ => ReferenceEquals(left, right),
        };
    }

    /// <summary>Whether two are the same object, as far as templates can tell.</summary>
    public static bool AreSame(Value left, Value right) => (left, right) switch
    {
        (IntegerValue a, IntegerValue b) => a.Number == b.Number && BigInteger.Abs(a.Number) <= 256,
        (TextValue a, TextValue b) => ReferenceEquals(a.Text, b.Text) || (a.Text.Length <= 1 && a.Text == b.Text),
        (TupleValue { Values.Count: 0 }, TupleValue { Values.Count: 0 }) => true,
        _ => ReferenceEquals(left, right),
    };

    /// <summary>Whether a value can be a key.</summary>
    public static bool IsHashable(Value value)
    {
        StackGuard.Check();
        return value switch
        {
            ListValue or DictValue or SliceValue or DictViewValue { IsSet: true } => false,
            TupleValue tuple => tuple.Values.All(IsHashable),
            _ => true,
        };
    }

    /// <summary>A number that equal values share.</summary>
    /// <exception cref="JinjaFault">The value cannot be a key.</exception>
    public static int Hash(Value value) => value switch
    {
        TextValue text => text.Text.GetHashCode(StringComparison.Ordinal),
        IntegerValue integer => integer.Number.GetHashCode(),
        BoolValue truth => truth.Number.GetHashCode(),
        FloatValue real => double.IsFinite(real.Number) && Math.Floor(real.Number) == real.Number
            ? new BigInteger(real.Number).GetHashCode()
            : real.Number.GetHashCode(),
        TupleValue tuple => Hash(tuple),
        NoneValue => 1,
        UndefinedValue => 2,
        BytesValue bytes => bytes.Bytes.Length,
        ListValue or DictValue or SliceValue or DictViewValue { IsSet: true } => throw JinjaFault.Type(
            string.Create(CultureInfo.InvariantCulture, $"unhashable type: '{value.TypeName}'")),
        _ => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value),
    };

    private static int Hash(TupleValue tuple)
    {
        StackGuard.Check();
        return tuple.Values.Aggregate(tuple.Values.Count, (hash, item) => HashCode.Combine(hash, Hash(item)));
    }

    private static bool AllEqual(IReadOnlyList<Value> left, IReadOnlyList<Value> right, Run? run)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        run?.Budget.Work(left.Count);
        for (var index = 0; index < left.Count; index++)
        {
            if (!ReferenceEquals(left[index], right[index]) && !AreEqual(left[index], right[index], run))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AllEqual(DictValue left, DictValue right, Run? run)
    {
        run?.Budget.Work(left.Entries.Count);
        return left.Entries.Count == right.Entries.Count && left.Entries.All(
            entry => right.Entries.TryGetValue(entry.Key, out var other) && AreEqual(entry.Value, other, run));
    }
}
