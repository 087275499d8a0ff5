using Hone.Models.Configuration;

namespace Hone.Models.Layers;

/// <summary>What all layers of one pass share.</summary>
/// <param name="Main">The rotation of most layers; null where positions are learned.</param>
/// <param name="Local">The rotation of layers that have another one.</param>
/// <param name="Attention">Which tokens see which.</param>
internal sealed record LayerInputs(Rotation? Main, Rotation? Local, IAttention Attention)
{
    /// <summary>The rotation that a layer uses, or null.</summary>
    public Rotation? For(RotaryUse use) => use switch
    {
        RotaryUse.Main => Main,
        RotaryUse.Local => Local,
        _ => null,
    };
}
