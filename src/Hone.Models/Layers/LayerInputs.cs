namespace Hone.Models.Layers;

/// <summary>What all layers of one pass share.</summary>
/// <param name="Main">The rotation of most layers; null where positions are learned.</param>
/// <param name="Attention">Which tokens see which.</param>
internal sealed record LayerInputs(Rotation? Main, IAttention Attention);
