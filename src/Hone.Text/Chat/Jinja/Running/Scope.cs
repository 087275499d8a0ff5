namespace Hone.Text.Chat.Jinja;

/// <summary>The names that a part of a template sees, found before it runs. The rules are Jinja's: what a loop or a
/// block sets is its own, what an <c>if</c> sets is not.</summary>
internal sealed class Scope
{
    private readonly Scope? _parent;
    private readonly Dictionary<string, Variable> _known;
    private readonly Dictionary<string, Variable> _references;
    private readonly Dictionary<Variable, ScopeLoad?> _loads;
    private readonly HashSet<string> _stores;

    /// <summary>A scope inside of another.</summary>
    /// <param name="function">Where its variables live.</param>
    /// <param name="parent">The scope around it; null for a template or a block.</param>
    public Scope(FunctionScope function, Scope? parent)
        : this(function, parent, [], [], [], [])
    {
    }

    private Scope(
        FunctionScope function,
        Scope? parent,
        Dictionary<string, Variable> known,
        Dictionary<string, Variable> references,
        Dictionary<Variable, ScopeLoad?> loads,
        HashSet<string> stores)
    {
        (Function, _parent, _known) = (function, parent, known);
        (_references, _loads, _stores) = (references, loads, stores);
    }

    /// <summary>Where its variables live.</summary>
    public FunctionScope Function { get; }

    /// <summary>The variable of a name, in this scope or around it; null where the name was never met.</summary>
    public Variable? Find(string name) => _references.GetValueOrDefault(name) ?? _parent?.Find(name);

    /// <summary>The name is given a value here.</summary>
    public void Store(string name)
    {
        _stores.Add(name);
        if (!_references.ContainsKey(name))
        {
            Define(name, _parent?.Find(name) is { } outer ? new ScopeLoad(outer, null) : ScopeLoad.Nothing);
        }
    }

    /// <summary>The name is used here.</summary>
    public void Load(string name)
    {
        if (Find(name) is null)
        {
            Define(name, new ScopeLoad(null, name));
        }
    }

    /// <summary>The name is a parameter, set by who begins the scope.</summary>
    public Variable Declare(string name)
    {
        _stores.Add(name);
        return Define(name, null);
    }

    /// <summary>A copy that one branch of an <c>if</c> is read into.</summary>
    public Scope Branch()
    {
        Function.Charge(_references.Count + _loads.Count + _stores.Count);
        return new(Function, _parent, _known, new(_references), new(_loads), [.. _stores]);
    }

    /// <summary>Takes over what branches found: a name that one of them sets may be unset after all.</summary>
    public void Merge(IReadOnlyList<Scope> branches)
    {
        var stores = branches.SelectMany(branch => branch._stores).Where(name => !_stores.Contains(name)).ToHashSet();
        foreach (var branch in branches)
        {
            foreach (var (name, variable) in branch._references)
            {
                _references[name] = variable;
            }

            foreach (var (variable, load) in branch._loads)
            {
                _loads[variable] = load;
            }

            _stores.UnionWith(branch._stores);
        }

        foreach (var name in stores)
        {
            _loads[_references[name]] =
                _parent?.Find(name) is { } outer ? new ScopeLoad(outer, null) : new ScopeLoad(null, name);
        }
    }

    /// <summary>All names that are set here or around, with their variables.</summary>
    public IEnumerable<(string Name, Variable Variable)> Stores()
    {
        HashSet<string> seen = [];
        for (var scope = this; scope is not null; scope = scope._parent)
        {
            foreach (var name in scope._stores.Where(seen.Add))
            {
                yield return (name, Find(name)!);
            }
        }
    }

    /// <summary>What is done when the scope begins.</summary>
    public Action<Frame> Entry()
    {
        List<Action<Frame>> actions = [];
        foreach (var (variable, load) in _loads)
        {
            if (load is not { } from)
            {
                continue;
            }

            var slot = variable.Slot;
            if (from.Name is { } name)
            {
                actions.Add(frame => frame.Slots[slot] = frame.Context.Resolve(name));
            }
            else if (from.From is { } outer)
            {
                var read = Reader(outer);
                actions.Add(frame => frame.Slots[slot] = read(frame));
            }
            else
            {
                actions.Add(frame => frame.Slots[slot] = null);
            }
        }

        var all = actions.ToArray();
        return frame =>
        {
            foreach (var action in all)
            {
                action(frame);
            }
        };
    }

    /// <summary>Reads a variable; null for one that is not set.</summary>
    public Func<Frame, Value?> Reader(Variable variable)
    {
        var slot = variable.Slot;
        var distance = Function.DistanceTo(variable);
        return distance switch
        {
            0 => frame => frame.Slots[slot],
            1 => frame => frame.Outer!.Slots[slot],
            _ => frame => At(frame, distance).Slots[slot],
        };
    }

    /// <summary>Sets a variable.</summary>
    public Assignment Writer(Variable variable)
    {
        var slot = variable.Slot;
        var distance = Function.DistanceTo(variable);
        return distance == 0
            ? (frame, value) => frame.Slots[slot] = value
            : (frame, value) => At(frame, distance).Slots[slot] = value;
    }

    private static Frame At(Frame frame, int distance)
    {
        for (; distance > 0; distance--)
        {
            frame = frame.Outer!;
        }

        return frame;
    }

    private Variable Define(string name, ScopeLoad? load)
    {
        if (!_known.TryGetValue(name, out var variable))
        {
            _known[name] = variable = Function.Add();
        }

        _references[name] = variable;
        _loads[variable] = load;
        return variable;
    }
}
