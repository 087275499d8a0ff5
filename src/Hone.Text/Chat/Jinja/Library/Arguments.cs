namespace Hone.Text.Chat.Jinja;

/// <summary>What a call is given.</summary>
/// <param name="Positional">By place.</param>
/// <param name="Named">By name.</param>
internal sealed record Arguments(IReadOnlyList<Value> Positional, IReadOnlyList<KeyValuePair<string, Value>> Named)
{
    /// <summary>Nothing.</summary>
    public static Arguments None { get; } = new([], []);

    /// <summary>The same with one more in front.</summary>
    public Arguments With(Value first) => new([first, .. Positional], Named);

    /// <summary>The argument of a name; null where it is not given.</summary>
    public Value? Find(string name)
    {
        foreach (var (key, value) in Named)
        {
            if (key == name)
            {
                return value;
            }
        }

        return null;
    }
}
