using System.Reflection;

namespace Hone.Training.Recipes.Schema;

/// <summary>The keys of one section of a recipe, which are the properties of one options record.</summary>
/// <param name="Type">The record.</param>
/// <param name="Options">Its options in the order of declaration.</param>
public sealed record SectionSchema(Type Type, IReadOnlyList<OptionSchema> Options)
{
    /// <summary>The section's options as they are when nothing is written.</summary>
    public object Defaults() => Activator.CreateInstance(Type)
        ?? throw new InvalidOperationException($"{Type.Name} must be a record with a constructor without parameters");

    /// <summary>What does not fit together in <paramref name="options"/>: each fault as <c>key: what must hold, what
    /// was found</c>.</summary>
    public IEnumerable<string> Problems(object options) =>
        Type.GetMethod("Problems", [])?.Invoke(options, null) as IEnumerable<string> ?? [];

    /// <summary>Every key that may stand in this section: those of the options, and those of the sections that a choice
    /// brings with it.</summary>
    public IEnumerable<string> Keys => Options.SelectMany(option => option.Keys);
}

/// <summary>One option of a recipe.</summary>
/// <param name="Name">The key, in snake case.</param>
/// <param name="Property">The property that holds it.</param>
/// <param name="Shape">What its value can look like.</param>
/// <param name="IsRequired">Whether it has no honest default.</param>
/// <param name="IsOptional">Whether it may be absent altogether.</param>
/// <param name="IsPath">Whether variables are expanded in it.</param>
/// <param name="Interval">The range of its numbers, where one holds.</param>
public sealed record OptionSchema(
    string Name,
    PropertyInfo Property,
    OptionShape Shape,
    bool IsRequired,
    bool IsOptional,
    bool IsPath,
    IntervalAttribute? Interval)
{
    /// <summary>The keys that it takes in its section.</summary>
    public IEnumerable<string> Keys => Shape is OptionShape.OneOf { Choice: { IsBeside: true } choice }
        ? [Name, .. choice.Cases.Select(one => one.Name)]
        : [Name];

    /// <summary>The sections behind this option, each with its path from the section that holds the option.</summary>
    public IEnumerable<(SectionSchema Section, string Path)> Sections() => Sections(Shape, Name);

    /// <summary>The shape and the range in words: <c>number in (0, ∞)</c>.</summary>
    public string Expectation => Interval is null ? Shape.Words : $"{Shape.Words} in {Interval.Notation}";

    private static IEnumerable<(SectionSchema Section, string Path)> Sections(OptionShape shape, string path) =>
        shape switch
        {
            OptionShape.Section section => [(section.Schema, path)],
            OptionShape.OneOf { Choice: var choice } => choice.Cases
                .Select(one => (one.Section, choice.IsBeside ? one.Name : path)),
            OptionShape.Many many => Sections(many.Item, $"{path}.0"),
            _ => [],
        };
}
