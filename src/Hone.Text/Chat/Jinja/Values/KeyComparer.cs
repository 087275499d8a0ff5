namespace Hone.Text.Chat.Jinja;

/// <summary>Finds keys of dicts as Python does: 1, 1.0 and true are one key.</summary>
internal sealed class KeyComparer(Run? run) : IEqualityComparer<Value>
{
    /// <summary>Charges for looking a key up.</summary>
    public static void Charge(Value key, Run run) => run.Budget.Work(SizeOf(key));

    /// <inheritdoc/>
    public bool Equals(Value? left, Value? right) => (left, right) switch
    {
        (TextValue a, TextValue b) => a.Text == b.Text,
        ({ } a, { } b) => Equality.AreEqual(a, b, run),
        _ => ReferenceEquals(left, right),
    };

    /// <inheritdoc/>
    public int GetHashCode(Value value)
    {
        run?.Budget.Work(SizeOf(value));
        return Equality.Hash(value);
    }

    private static long SizeOf(Value key)
    {
        StackGuard.Check();
        return key switch
        {
            TextValue text => 1 + (text.Text.Length / 32),
            TupleValue tuple => 1 + tuple.Values.Sum(SizeOf),
            _ => 1,
        };
    }
}
