using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Hone.Training.Recipes.Schema;

/// <summary>The keys, types, ranges and defaults of a recipe, as its records declare them.</summary>
/// <remarks>
/// A recipe is a closed set of records: properties become keys in snake case, initializers are the defaults,
/// <c>required</c> ones must be written, nullable ones may be absent, and a type with several records behind it is a
/// <see cref="ChoiceTable"/>. Records of the rooms below can be used as they are; a method <c>IEnumerable&lt;string&gt;
/// Problems()</c> tells what does not fit together in a record, each fault as <c>key: what must hold, what was
/// found</c>.
/// </remarks>
public sealed class RecipeSchema
{
    private static readonly FrozenDictionary<Type, OptionShape> Scalars = new Dictionary<Type, OptionShape>
    {
        [typeof(string)] = new OptionShape.Scalar("text", text => text, value => (string)value),
        [typeof(bool)] = new OptionShape.Scalar(
            "true or false",
            text => text switch { "true" => true, "false" => false, _ => null },
            value => (bool)value ? "true" : "false"),
        [typeof(int)] = Number<int>("a whole number", NumberStyles.AllowLeadingSign),
        [typeof(long)] = Number<long>("a whole number", NumberStyles.AllowLeadingSign),
        [typeof(double)] = Number<double>("a number", NumberStyles.Float),
        [typeof(ThreadCount)] = new OptionShape.Scalar(
            "auto or a whole number from 1", ThreadCount.Read, value => value.ToString()!),
    }.ToFrozenDictionary();

    private readonly NullabilityInfoContext _nullability = new();
    private readonly IReadOnlyList<ChoiceTable> _choices;

    private RecipeSchema(Type root, IReadOnlyList<ChoiceTable> choices)
    {
        _choices = choices;
        Root = SectionOf(root);
    }

    /// <summary>The schema of <see cref="Recipe"/>.</summary>
    public static RecipeSchema Default { get; } = new(typeof(Recipe), RecipeChoices.All);

    /// <summary>The top-level keys.</summary>
    public SectionSchema Root { get; }

    /// <summary>The schema of any options record, whose choices are in <paramref name="choices"/>.</summary>
    public static RecipeSchema Of<T>(params IReadOnlyList<ChoiceTable> choices) => new(typeof(T), choices);

    /// <summary>The full paths of every key called <paramref name="name"/>, wherever it stands.</summary>
    public IEnumerable<string> PathsTo(string name) => PathsTo(name, Root, "");

    private static IEnumerable<string> PathsTo(string name, SectionSchema section, string prefix)
    {
        foreach (var option in section.Options)
        {
            if (option.Name == name)
            {
                yield return prefix + name;
            }

            foreach (var (inner, path) in option.Sections())
            {
                foreach (var found in PathsTo(name, inner, $"{prefix}{path}."))
                {
                    yield return found;
                }
            }
        }
    }

    private SectionSchema SectionOf(Type type)
    {
        PropertyInfo[] properties =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.SetMethod is not null)
                .OrderBy(property => property.MetadataToken),
        ];
        var inherited = Array.FindAll(properties, property => property.DeclaringType != type);
        var own = Array.FindAll(properties, property => property.DeclaringType == type);
        return new SectionSchema(type, [.. inherited.Concat(own).Select(OptionOf)]);
    }

    private OptionSchema OptionOf(PropertyInfo property) => new(
        SnakeCase.Of(property.Name),
        property,
        ShapeOf(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType),
        IsRequired: property.IsDefined(typeof(RequiredMemberAttribute)),
        IsOptional: _nullability.Create(property).ReadState == NullabilityState.Nullable,
        IsPath: property.Name == "Path" || property.IsDefined(typeof(FilePathAttribute)),
        property.GetCustomAttribute<IntervalAttribute>());

    private OptionShape ShapeOf(Type type)
    {
        if (Scalars.GetValueOrDefault(type) is { } scalar)
        {
            return scalar;
        }

        if (type.IsEnum)
        {
            return new OptionShape.Named(type, [.. Enum.GetNames(type).Select(SnakeCase.Of)]);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var item = type.GetGenericArguments()[0];
            return new OptionShape.Many(ShapeOf(item), item);
        }

        if (type == typeof(IReadOnlyDictionary<string, string>))
        {
            return new OptionShape.Texts();
        }

        if (_choices.FirstOrDefault(table => table.Type == type) is { } choice)
        {
            var cases = choice.Cases.Select(one => new ChoiceCase(one.Name, SectionOf(one.Type)));
            return new OptionShape.OneOf(new ChoiceSchema(choice.Type, choice.Key, choice.IsBeside, [.. cases]));
        }

        return new OptionShape.Section(SectionOf(type));
    }

    private static OptionShape.Scalar Number<T>(string words, NumberStyles style)
        where T : INumber<T> => new(
            words,
            text => T.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && T.IsFinite(number)
                ? number
                : null,
            value => ((T)value).ToString(null, CultureInfo.InvariantCulture).ToLowerInvariant());
}
