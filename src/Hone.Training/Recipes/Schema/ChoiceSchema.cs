namespace Hone.Training.Recipes.Schema;

/// <summary>Several sections of which a recipe takes one, by name.</summary>
/// <param name="Type">The type that they have in common.</param>
/// <param name="Key">The key inside the section that names it; the name alone may stand for a section of defaults
/// (<c>schedule: cosine</c>).</param>
/// <param name="IsBeside">
/// Whether the section stands beside the choice under its own name (<c>method: grpo</c>, then <c>grpo: {…}</c>) instead
/// of holding <paramref name="Key"/>.
/// </param>
/// <param name="Cases">The sections to choose from.</param>
public sealed record ChoiceSchema(Type Type, string Key, bool IsBeside, IReadOnlyList<ChoiceCase> Cases)
{
    /// <summary>The case that an options record belongs to.</summary>
    public ChoiceCase CaseOf(object options) => Cases.Single(one => one.Section.Type == options.GetType());
}

/// <summary>One of the sections of a choice.</summary>
/// <param name="Name">The name that chooses it.</param>
/// <param name="Section">Its keys.</param>
public sealed record ChoiceCase(string Name, SectionSchema Section);

/// <summary>The declaration of a choice: which records stand behind which names.</summary>
/// <param name="Type">The type that the records have in common.</param>
/// <param name="Key">The key that names the record.</param>
/// <param name="IsBeside">Whether the options stand beside the choice, in a section of its name.</param>
/// <param name="Cases">Names and records.</param>
public sealed record ChoiceTable(Type Type, string Key, bool IsBeside, IReadOnlyList<(string Name, Type Type)> Cases);
