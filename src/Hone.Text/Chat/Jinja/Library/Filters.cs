using System.Collections.Frozen;

namespace Hone.Text.Chat.Jinja;

/// <summary>All filters, by name. The value that is filtered is the first argument.</summary>
internal static class Filters
{
    private static readonly FrozenDictionary<string, Builtin> All = ((Builtin[])
        [
            .. TextFilters.All, .. HtmlFilters.All, .. LayoutFilters.All, .. NumberFilters.All, .. ItemFilters.All,
            .. OrderFilters.All, .. GroupFilters.All, .. StreamFilters.All, .. JsonFilter.All,
        ]).ToFrozenDictionary(filter => filter.Name, StringComparer.Ordinal);

    /// <summary>The filter of a name; null where there is none.</summary>
    public static Builtin? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>Whether an argument was given and counts as true.</summary>
    public static bool IsTrue(Value? argument) => argument is { IsTrue: true };

    /// <summary>An argument, null where it is left out or none.</summary>
    public static Value? Given(Value? argument) => argument is NoneValue ? null : argument;

    /// <summary>Texts in lower case, other values as they are.</summary>
    public static Value IgnoreCase(Value value, Run run) =>
        value is TextValue text ? run.Text(CaseMapping.Lower(text.Text)) : value;
}
