namespace Hone.Models.Adapters;

/// <summary>The folder of an adapter, and how much of it is wanted.</summary>
/// <param name="Folder">The folder, which is also its name.</param>
/// <param name="Weight">What it adds is multiplied by this; 1 for all of it.</param>
public sealed record NamedAdapter(string Folder, double Weight = 1);
