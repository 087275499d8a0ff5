namespace Hone.Search;

/// <summary>Lets paths of a search tree go on.</summary>
public interface IPathGenerator
{
    /// <summary>The prompt, which every path continues.</summary>
    public string Prompt { get; }

    /// <summary>Continues each path by one step.</summary>
    /// <param name="paths">The paths; one that occurs several times goes on in several ways.</param>
    /// <param name="level">The level that is sampled, from 0.</param>
    /// <param name="cancel">Calls it off.</param>
    /// <returns>The longer paths, in the order of those given.</returns>
    /// <exception cref="OperationCanceledException">It was called off.</exception>
    public IReadOnlyList<SearchPath> Extend(IReadOnlyList<SearchPath> paths, int level, CancellationToken cancel);
}
