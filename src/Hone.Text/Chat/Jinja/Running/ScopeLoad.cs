namespace Hone.Text.Chat.Jinja;

/// <summary>What a variable is when its scope begins.</summary>
/// <param name="From">The variable of an outer scope whose value it takes; null for none.</param>
/// <param name="Name">The name that is looked up outside of the template; null for none.</param>
internal readonly record struct ScopeLoad(Variable? From, string? Name)
{
    /// <summary>Not set.</summary>
    public static ScopeLoad Nothing => default;
}
