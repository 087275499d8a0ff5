namespace Hone.Text.Chat.Jinja;

/// <summary>Which of two values comes first.</summary>
internal static class Comparison
{
    /// <summary>Whether <c>left operator right</c> holds.</summary>
    /// <exception cref="JinjaFault">The two have no order.</exception>
    public static bool Holds(string symbol, Value left, Value right, Run run) => symbol switch
    {
        "==" => Equality.AreEqual(left, right, run),
        "!=" => !Equality.AreEqual(left, right, run),
        "in" => right.Contains(left, run),
        "not in" => !right.Contains(left, run),
        _ => Fits(symbol, Compare(symbol, left, right, run)),
    };

    /// <summary>The order of two values; null where neither comes first, as with what is no number.</summary>
    /// <exception cref="JinjaFault">They have no order.</exception>
    public static int? Compare(string symbol, Value left, Value right, Run run)
    {
        if (left is TextValue a && right is TextValue b)
        {
            run.Budget.Work(1 + (Math.Min(a.Text.Length, b.Text.Length) / 32));
            return PythonText.Compare(a.Text, b.Text);
        }

        if (Numbers.IsNumber(left) && Numbers.IsNumber(right))
        {
            return Numbers.Compare(left, right);
        }

        run.CheckStack();
        return (left, right) switch
        {
            (UndefinedValue undefined, _) => throw undefined.Fault,
            (_, UndefinedValue undefined) => throw undefined.Fault,
            (ListValue one, ListValue other) => Compare(symbol, one.Values, other.Values, run),
            (TupleValue one, TupleValue other) => Compare(symbol, one.Values, other.Values, run),
            (BytesValue one, BytesValue other) => one.Bytes.SequenceCompareTo(other.Bytes),
            _ => throw JinjaFault.Type(
                $"'{symbol}' not supported between instances of '{left.TypeName}' and '{right.TypeName}'"),
        };
    }

    private static int? Compare(string symbol, IReadOnlyList<Value> left, IReadOnlyList<Value> right, Run run)
    {
        for (var index = 0; index < Math.Min(left.Count, right.Count); index++)
        {
            run.Budget.Work(1);
            if (!ReferenceEquals(left[index], right[index]) && !Equality.AreEqual(left[index], right[index], run))
            {
                return Compare(symbol, left[index], right[index], run);
            }
        }

        return left.Count.CompareTo(right.Count);
    }

    private static bool Fits(string symbol, int? order) => symbol switch
    {
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        _ => order >= 0,
    };
}
