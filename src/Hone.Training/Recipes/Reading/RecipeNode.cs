namespace Hone.Training.Recipes.Reading;

/// <summary>A piece of YAML and the place where it stands.</summary>
internal abstract record RecipeNode(RecipePlace At)
{
    /// <summary>The node in words, for messages that tell what was found.</summary>
    public string Description => this switch
    {
        { IsNothing: true } => "nothing",
        Text text => text.Value.Length <= 60 ? text.Value : $"{text.Value[..60]}…",
        Items => "a list",
        Keys => "a section of keys",
        _ => throw new InvalidOperationException($"unknown node {GetType().Name}"),
    };

    /// <summary>Whether YAML means "no value" by it.</summary>
    public bool IsNothing => this is Text { Quoted: false, Value: "" or "~" or "null" or "Null" or "NULL" };

    /// <summary>A scalar as it is written, without its quotes.</summary>
    public sealed record Text(RecipePlace At, string Value, bool Quoted) : RecipeNode(At);

    /// <summary>A list.</summary>
    public sealed record Items(RecipePlace At, List<RecipeNode> Values) : RecipeNode(At);

    /// <summary>A mapping in the order of the file. Overrides change it in place.</summary>
    public sealed record Keys(RecipePlace At, List<RecipeEntry> Entries) : RecipeNode(At)
    {
        /// <summary>The value of a key, or null.</summary>
        public RecipeNode? Find(string name) => Entries.Find(entry => entry.Name == name)?.Value;

        /// <summary>Gives a key its value, whether or not it has one already.</summary>
        public void Put(RecipeEntry entry)
        {
            var index = Entries.FindIndex(existing => existing.Name == entry.Name);
            if (index < 0)
            {
                Entries.Add(entry);
            }
            else
            {
                Entries[index] = entry;
            }
        }
    }
}

/// <summary>A key, its place and its value.</summary>
internal sealed record RecipeEntry(string Name, RecipePlace At, RecipeNode Value);
