namespace Hone.Models.Adapters;

/// <summary>Adapters that are in force together, each with a weight.</summary>
/// <remarks>
/// What adapters of weights add is summed, each times its weight. Several that insert virtual tokens cannot be
/// combined.
/// </remarks>
public sealed class AdapterCombination
{
    private readonly Dictionary<string, IReadOnlyList<(IModulePart Part, double Weight)>> _modules =
        new(StringComparer.Ordinal);

    private readonly Dictionary<(LayerPlace, int Layer), IReadOnlyList<(ILayerPart Part, double Weight)>> _layers = [];

    /// <summary>Combines adapters.</summary>
    /// <param name="adapters">The adapters with their weights, in the order in which they are applied.</param>
    /// <exception cref="CheckpointException">They cannot be in force together.</exception>
    public AdapterCombination(params IReadOnlyList<WeightedAdapter> adapters)
    {
        Adapters = adapters;
        if (adapters.Count == 0)
        {
            return;
        }

        if (adapters.FirstOrDefault(one => !double.IsFinite(one.Weight)) is { Adapter: not null } odd)
        {
            throw new CheckpointException($"adapters: a weight must be a number, got {odd.Weight}");
        }

        var inserting = adapters.Where(one => one.Adapter.Parts.Virtual is not null).ToList();
        if (inserting.Count > 1)
        {
            throw new CheckpointException(
                $"adapters: at most one can insert virtual tokens, got {inserting.Count}; choose one of them");
        }

        if (inserting is [{ Weight: not 1 } weighted])
        {
            throw new CheckpointException(
                $"adapters: one that inserts virtual tokens must have weight 1, got {weighted.Weight}; "
                + "its tokens are there or not");
        }

        foreach (var module in adapters.SelectMany(one => one.Adapter.Parts.Modules.Keys).Distinct())
        {
            _modules[module] =
            [
                .. from one in adapters
                   from part in one.Adapter.Parts.Modules.GetValueOrDefault(module, [])
                   select (part, one.Weight),
            ];
        }

        foreach (var place in adapters.SelectMany(one => one.Adapter.Parts.Layers.Keys).Distinct())
        {
            _layers[place] =
            [
                .. from one in adapters
                   where one.Adapter.Parts.Layers.ContainsKey(place)
                   select (one.Adapter.Parts.Layers[place], one.Weight),
            ];
        }
    }

    /// <summary>No adapter: the base model.</summary>
    public static AdapterCombination None { get; } = new();

    /// <summary>The adapters with their weights, in the order in which they are applied.</summary>
    public IReadOnlyList<WeightedAdapter> Adapters { get; }

    /// <summary>Whether there is no adapter.</summary>
    public bool IsNone => Adapters.Count == 0;

    /// <summary>Tokens that are inserted before each sequence, or stand before it in every layer.</summary>
    public int VirtualTokens => Virtual?.Count ?? 0;

    internal IVirtualTokens? Virtual =>
        Adapters.Select(one => one.Adapter.Parts.Virtual).FirstOrDefault(tokens => tokens is not null);

    /// <summary>The modules that have parts.</summary>
    internal IEnumerable<string> Modules => _modules.Keys;

    /// <summary>Whether something is added behind halves of layers, which no weight can hold.</summary>
    internal bool ChangesLayers => _layers.Count > 0;

    /// <summary>The parts on a module, in the order in which they are applied.</summary>
    internal IReadOnlyList<(IModulePart Part, double Weight)> PartsOf(string module) =>
        _modules.GetValueOrDefault(module, []);

    /// <summary>The parts behind a half of a layer.</summary>
    internal IReadOnlyList<(ILayerPart Part, double Weight)> LayerParts(LayerPlace place, int layer) =>
        _layers.GetValueOrDefault((place, layer), []);
}

/// <summary>An adapter, and how much of it.</summary>
/// <param name="Adapter">The adapter.</param>
/// <param name="Weight">What it adds is multiplied by this; 1 for all of it.</param>
public readonly record struct WeightedAdapter(Adapter Adapter, double Weight = 1);
