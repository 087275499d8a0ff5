namespace Hone.Conformance.Goldens;

/// <summary>One entry of an area's <c>index.json</c>.</summary>
/// <param name="Name">The name of the case.</param>
/// <param name="Path">Its file or folder, relative to the area.</param>
/// <param name="Line">Its line, from 1, where the area's index has lines.</param>
public sealed record GoldenEntry(string Name, string Path, int? Line);
