using System.Globalization;
using System.Text.RegularExpressions;
using Hone.Models.Configuration;

namespace Hone.Models.Adapters.Kinds;

/// <summary>The modules that an adapter is put on, as PEFT chooses them.</summary>
/// <remarks>
/// A list names modules exactly or by their end after a dot; a pattern is a regular expression of the whole name;
/// <c>all-linear</c> stands for every linear layer but the head.
/// </remarks>
public sealed record ModuleTargets
{
    private const string AllLinearName = "all-linear";

    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(1);

    /// <summary>Names of modules, whole or their end after a dot.</summary>
    public ValueList<string> Names { get; init; } = [];

    /// <summary>A regular expression of whole names, or <c>all-linear</c>; null where names are listed.</summary>
    public string? Pattern { get; init; }

    /// <summary>Names of modules that are left out, whole or their end after a dot.</summary>
    public ValueList<string> ExcludedNames { get; init; } = [];

    /// <summary>A regular expression of whole names that are left out, or null.</summary>
    public string? ExcludedPattern { get; init; }

    /// <summary>Numbers of the only layers to take, where modules are listed; null for all.</summary>
    public ValueList<int>? Layers { get; init; }

    /// <summary>What a layer's number may stand behind, such as <c>layers</c>; empty for anything.</summary>
    public ValueList<string> LayerPatterns { get; init; } = [];

    /// <summary>Every linear layer but the head.</summary>
    public static ModuleTargets AllLinear { get; } = new() { Pattern = AllLinearName };

    /// <summary>Whether every linear layer but the head is meant.</summary>
    public bool IsAllLinear => AllLinearName.Equals(Pattern, StringComparison.OrdinalIgnoreCase);

    /// <summary>The modules of these names.</summary>
    /// <param name="names">Whole names, or their end after a dot.</param>
    public static ModuleTargets Of(params ReadOnlySpan<string> names) => new() { Names = ValueList.Create(names) };

    /// <summary>Whether a module is meant.</summary>
    /// <param name="module">Its name.</param>
    /// <param name="isPlainLinear">Whether it is a linear layer and not the head.</param>
    /// <param name="saved">Modules that are stored as a whole, which no adapter is put on.</param>
    /// <exception cref="CheckpointException">A pattern is not a regular expression, or takes too long.</exception>
    public bool Matches(string module, bool isPlainLinear, IReadOnlyList<string> saved)
    {
        if ((ExcludedPattern is { } excluded && IsWhole(excluded, module))
            || EndsWithName(module, ExcludedNames)
            || saved.Any(name => Match($"^(.*\\.)?(?:{name})($|\\..*)", module).Success))
        {
            return false;
        }

        return this switch
        {
            { IsAllLinear: true } => isPlainLinear,
            { Pattern: { } pattern } => IsWhole(pattern, module),
            _ => Names.Contains(module) || (EndsWithName(module, Names) && IsInLayers(module)),
        };
    }

    /// <summary>The value of the first pattern that fits a module, or another where none does.</summary>
    /// <typeparam name="T">What patterns stand for.</typeparam>
    /// <param name="patterns">Regular expressions of whole names or their end after a dot, in order.</param>
    /// <param name="module">The module's name.</param>
    /// <param name="otherwise">The value where no pattern fits.</param>
    /// <exception cref="CheckpointException">A pattern is not a regular expression, or takes too long.</exception>
    public static T First<T>(IEnumerable<NamePattern<T>> patterns, string module, T otherwise)
    {
        foreach (var (pattern, value) in patterns)
        {
            if (Match($"^(.*\\.)?({pattern})$", module).Success)
            {
                return value;
            }
        }

        return otherwise;
    }

    private static bool IsWhole(string pattern, string module) => Match($"^(?:{pattern})$", module).Success;

    private static bool EndsWithName(string module, ValueList<string> names) =>
        names.Any(name => module == name || module.EndsWith("." + name, StringComparison.Ordinal));

    private bool IsInLayers(string module)
    {
        if (Layers is not { Count: > 0 } layers)
        {
            return true;
        }

        IEnumerable<string> patterns = LayerPatterns.Count == 0 ? ["[^.]*"] : LayerPatterns;
        var number = patterns
            .Select(pattern => Match($"^.*?\\.(?:{pattern})\\.(?<number>\\d+)\\.", module))
            .FirstOrDefault(match => match.Success)
            ?.Groups["number"].Value;
        return number is not null && layers.Contains(int.Parse(number, CultureInfo.InvariantCulture));
    }

    private static Match Match(string pattern, string name)
    {
        try
        {
            return Regex.Match(name, pattern, RegexOptions.CultureInvariant, PatternTime);
        }
        catch (Exception e) when (e is RegexParseException or RegexMatchTimeoutException)
        {
            throw new CheckpointException($"adapter: a pattern of module names must be a regular expression that ends "
                + $"in time, got \"{pattern}\": {e.Message}", e);
        }
    }
}

/// <summary>A value for the modules that a regular expression fits.</summary>
/// <typeparam name="T">The value.</typeparam>
/// <param name="Pattern">A regular expression of whole names or of their end after a dot.</param>
/// <param name="Value">The value.</param>
public readonly record struct NamePattern<T>(string Pattern, T Value);
