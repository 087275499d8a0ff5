namespace Hone.Data.Hub;

/// <summary>A value of a card.</summary>
/// <param name="Line">The line that it begins in.</param>
internal abstract record CardNode(int Line)
{
    /// <summary>Text, a number, true or false.</summary>
    internal sealed record Text(int Line, string Value) : CardNode(Line);

    /// <summary>A list.</summary>
    internal sealed record Items(int Line, IReadOnlyList<CardNode> Values) : CardNode(Line);

    /// <summary>Named values.</summary>
    internal sealed record Fields(int Line, IReadOnlyList<(string Name, CardNode Value)> Entries) : CardNode(Line)
    {
        /// <summary>The value of that name, or null.</summary>
        public CardNode? Find(string name) => Entries.FirstOrDefault(entry => entry.Name == name).Value;

        /// <summary>The text of that name, or null where there is none or it is something else.</summary>
        public string? TextOf(string name) => (Find(name) as Text)?.Value;
    }
}
