using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checking;

/// <summary>All checks of this program, by area and kind.</summary>
public sealed class CheckList
{
    private readonly Dictionary<string, ICheck[]> _byArea;

    /// <summary>A list of the given checks.</summary>
    public CheckList(IEnumerable<ICheck> checks) =>
        _byArea = checks.GroupBy(check => check.Area).ToDictionary(area => area.Key, area => area.ToArray());

    /// <summary>Every check that this program contains.</summary>
    public static CheckList OfThisProgram() => new(typeof(ICheck).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ICheck)))
        .OrderBy(type => type.FullName, StringComparer.Ordinal)
        .Select(type => (ICheck)Activator.CreateInstance(type)!));

    /// <summary>The check of <paramref name="golden"/>, or null when no check knows its kind.</summary>
    public ICheck? For(GoldenCase golden) => _byArea.TryGetValue(golden.Area, out var checks)
        ? Array.Find(checks, check => check.Kinds.Any(kind => Matches(kind, golden.Kind)))
        : null;

    private static bool Matches(string pattern, string kind) => pattern.EndsWith('*')
        ? kind.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : kind == pattern;
}
