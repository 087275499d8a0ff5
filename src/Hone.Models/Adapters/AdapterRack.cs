namespace Hone.Models.Adapters;

/// <summary>The adapters of a decoder by name, and which of them are switched on.</summary>
/// <remarks>The base weights never change: with all adapters off the model is the base model, bit for bit.</remarks>
public sealed class AdapterRack : IDisposable
{
    /// <summary>The name that stands for no adapter.</summary>
    public const string Base = "__base__";

    private readonly Dictionary<string, AdapterCombination> _byName = new(StringComparer.Ordinal);
    private readonly List<Adapter> _owned = [];

    /// <summary>What is switched on for all that does not say otherwise.</summary>
    public AdapterCombination Active { get; private set; } = AdapterCombination.None;

    /// <summary>The names that can be asked for.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <summary>Whether some weight of an adapter takes gradients.</summary>
    internal bool IsTrainable =>
        _owned.Any(adapter => adapter.Parameters.Values.Any(parameter => parameter.RequiresGrad));

    /// <summary>Adds an adapter, switched off. It is disposed of with this object.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="adapter">The adapter, made for this decoder.</param>
    /// <exception cref="CheckpointException">The name is taken.</exception>
    public void Add(string name, Adapter adapter)
    {
        AddName(name, new AdapterCombination(new WeightedAdapter(adapter)));
        _owned.Add(adapter);
    }

    /// <summary>Gives a name to several adapters together.</summary>
    /// <param name="name">The name.</param>
    /// <param name="parts">Names of adapters, and the weight of each.</param>
    /// <exception cref="CheckpointException">The name is taken, there is no adapter of a name, or they cannot be in
    /// force together.</exception>
    public void Combine(string name, params ReadOnlySpan<(string Name, double Weight)> parts) =>
        AddName(name, Combination(parts));

    /// <summary>What a name stands for.</summary>
    /// <param name="name">A name; null for what is switched on, <see cref="Base"/> for no adapter.</param>
    /// <exception cref="CheckpointException">There is no such name.</exception>
    public AdapterCombination Find(string? name) => name switch
    {
        null => Active,
        Base => AdapterCombination.None,
        _ => _byName.GetValueOrDefault(name) ?? throw new CheckpointException(
            $"adapter \"{name}\": must be one that was loaded, there is none of that name; "
            + (_byName.Count == 0 ? "none was loaded" : $"loaded are {string.Join(", ", _byName.Keys)}")),
    };

    /// <summary>Switches adapters on, all others off; nothing switches all off.</summary>
    /// <param name="parts">Names of adapters, and the weight of each.</param>
    /// <exception cref="CheckpointException">There is no adapter of a name, or they cannot be in force
    /// together.</exception>
    public void Activate(params ReadOnlySpan<(string Name, double Weight)> parts) => Active = Combination(parts);

    /// <summary>Switches one name on, all others off.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="CheckpointException">There is no adapter of that name.</exception>
    public void Activate(string name) => Active = Find(name);

    /// <summary>Switches something else on until the returned value is disposed.</summary>
    /// <param name="adapters">What to switch on; <see cref="AdapterCombination.None"/> for the base model.</param>
    public Use With(AdapterCombination adapters)
    {
        var use = new Use(this, Active);
        Active = adapters;
        return use;
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(adapter => adapter.Dispose());

    private AdapterCombination Combination(ReadOnlySpan<(string Name, double Weight)> parts)
    {
        var all = new List<WeightedAdapter>();
        foreach (var (name, weight) in parts)
        {
            all.AddRange(Find(name).Adapters.Select(one => one with { Weight = one.Weight * weight }));
        }

        return all.Count == 0 ? AdapterCombination.None : new AdapterCombination([.. all]);
    }

    private void AddName(string name, AdapterCombination adapters)
    {
        if (name is "" or Base || !_byName.TryAdd(name, adapters))
        {
            throw new CheckpointException(
                $"adapter \"{name}\": must have a name of its own, this one is taken; choose another");
        }
    }

    /// <summary>Switches back, when disposed, to what was on before.</summary>
    public readonly ref struct Use
    {
        private readonly AdapterRack _rack;
        private readonly AdapterCombination _before;

        internal Use(AdapterRack rack, AdapterCombination before) => (_rack, _before) = (rack, before);

        /// <summary>Switches back.</summary>
        public void Dispose() => _rack.Active = _before;
    }
}
