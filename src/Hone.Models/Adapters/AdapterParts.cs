namespace Hone.Models.Adapters;

/// <summary>What an adapter does, by the place where it does it.</summary>
/// <param name="Modules">Parts on modules, by the module's name; several of one module in the order in which they are
/// applied.</param>
/// <param name="Layers">Parts behind halves of layers.</param>
/// <param name="Virtual">Tokens before each sequence, or null.</param>
internal sealed record AdapterParts(
    IReadOnlyDictionary<string, IReadOnlyList<IModulePart>> Modules,
    IReadOnlyDictionary<(LayerPlace Place, int Layer), ILayerPart> Layers,
    IVirtualTokens? Virtual);
