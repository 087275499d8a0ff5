namespace Hone.Data.Hub;

/// <summary>Where something lies that a user named.</summary>
/// <param name="Path">A local file or folder.</param>
/// <param name="Source"><c>org/name@commit</c> where it came from the hub; empty where it was local.</param>
public sealed record LocatedPath(string Path, string Source);
