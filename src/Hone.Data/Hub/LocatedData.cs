namespace Hone.Data.Hub;

/// <summary>Where the files of a data set lie that a user named.</summary>
/// <param name="Options">The options, with a local path.</param>
/// <param name="Source"><c>org/name@commit</c> where they came from the hub; empty where they were local.</param>
public sealed record LocatedData(DataSourceOptions Options, string Source);
