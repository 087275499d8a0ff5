namespace Hone.Models.Adapters;

/// <summary>What all modules of a decoder look at to see which adapters are in force.</summary>
internal sealed class AdapterSwitch
{
    /// <summary>The adapters of the pass that runs; null where the base model is by itself.</summary>
    public AdapterPass? Pass { get; private set; }

    /// <summary>Puts adapters in force until the returned value is disposed.</summary>
    public Scope Enter(AdapterPass? pass)
    {
        var scope = new Scope(this, Pass);
        Pass = pass;
        return scope;
    }

    /// <summary>Restores, when disposed, what was in force before.</summary>
    public readonly ref struct Scope
    {
        private readonly AdapterSwitch _owner;
        private readonly AdapterPass? _before;

        internal Scope(AdapterSwitch owner, AdapterPass? before) => (_owner, _before) = (owner, before);

        public void Dispose() => _owner.Pass = _before;
    }
}
