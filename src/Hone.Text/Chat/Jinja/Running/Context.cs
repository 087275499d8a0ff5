namespace Hone.Text.Chat.Jinja;

/// <summary>What the blocks of a template can name: the run's variables, and what the template has set.</summary>
internal sealed class Context(Run run)
{
    private Dictionary<string, Value> _set = new(StringComparer.Ordinal);

    /// <summary>The rendering.</summary>
    public Run Run => run;

    /// <summary>Sets a variable.</summary>
    public void Set(string name, Value value) => _set[name] = value;

    /// <summary>The variable, null where there is none.</summary>
    public Value? Resolve(string name) => _set.GetValueOrDefault(name) ?? run.Resolve(name);

    /// <summary>A context that knows more.</summary>
    public Context With(IEnumerable<(string Name, Value? Value)> more)
    {
        var inner = new Context(run) { _set = new(_set, StringComparer.Ordinal) };
        foreach (var (name, value) in more)
        {
            if (value is not null)
            {
                inner._set[name] = value;
            }
        }

        return inner;
    }
}
