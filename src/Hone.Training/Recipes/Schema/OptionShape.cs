namespace Hone.Training.Recipes.Schema;

/// <summary>What a value of a recipe can look like.</summary>
public abstract record OptionShape
{
    private OptionShape()
    {
    }

    /// <summary>The shape in words: <c>a whole number</c>, <c>auto | float32</c>, <c>a list of text</c>.</summary>
    public abstract string Words { get; }

    /// <summary>One word or number.</summary>
    /// <param name="Words">What is expected, in words.</param>
    /// <param name="Read">The value of a text, or null when the text is none.</param>
    /// <param name="Write">The text of a value, which <paramref name="Read"/> reads back to the same.</param>
    public sealed record Scalar(string Words, Func<string, object?> Read, Func<object, string> Write) : OptionShape
    {
        /// <inheritdoc/>
        public override string Words { get; } = Words;
    }

    /// <summary>One of the names of an enum, in snake case.</summary>
    /// <param name="Type">The enum.</param>
    /// <param name="Names">Its names in the order of declaration.</param>
    public sealed record Named(Type Type, IReadOnlyList<string> Names) : OptionShape
    {
        /// <inheritdoc/>
        public override string Words => string.Join(" | ", Names);
    }

    /// <summary>Keys of its own.</summary>
    /// <param name="Schema">The keys.</param>
    public sealed record Section(SectionSchema Schema) : OptionShape
    {
        /// <inheritdoc/>
        public override string Words => "a section";
    }

    /// <summary>One of several sections, picked by the value of a key.</summary>
    /// <param name="Choice">The key and the sections.</param>
    public sealed record OneOf(ChoiceSchema Choice) : OptionShape
    {
        /// <inheritdoc/>
        public override string Words => string.Join(" | ", Choice.Cases.Select(one => one.Name));
    }

    /// <summary>A list.</summary>
    /// <param name="Item">The shape of each of its values.</param>
    /// <param name="ItemType">The type of each of its values.</param>
    public sealed record Many(OptionShape Item, Type ItemType) : OptionShape
    {
        /// <inheritdoc/>
        public override string Words => Item is Scalar or Named ? $"a list of {Item.Words}" : "a list of sections";
    }

    /// <summary>Text by names that the user chooses.</summary>
    public sealed record Texts : OptionShape
    {
        /// <inheritdoc/>
        public override string Words => "text by name";
    }
}
