using System.Collections;
using Hone.Training.Recipes.Schema;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hone.Training.Recipes;

/// <summary>Writes a recipe with every option spelled out, the defaults too, always in the same order.</summary>
public static class RecipeWriter
{
    /// <summary>The recipe as YAML, which <see cref="RecipeFile"/> reads back to an equal one.</summary>
    public static string Write(Recipe recipe) => Write(RecipeSchema.Default, recipe);

    internal static string Write(RecipeSchema schema, object recipe)
    {
        var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings().WithBestWidth(int.MaxValue));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        WriteSection(emitter, schema.Root, recipe, discriminator: null);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void WriteSection(
        Emitter emitter, SectionSchema schema, object section, (string Key, string Name)? discriminator)
    {
        emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
        if (discriminator is var (key, name))
        {
            WriteText(emitter, key);
            WriteText(emitter, name);
        }

        foreach (var option in schema.Options)
        {
            if (option.Property.GetValue(section) is { } value)
            {
                WriteText(emitter, option.Name);
                WriteOption(emitter, option.Shape, value);
            }
        }

        emitter.Emit(new MappingEnd());
    }

    private static void WriteOption(Emitter emitter, OptionShape shape, object value)
    {
        switch (shape)
        {
            case OptionShape.OneOf { Choice: { IsBeside: true } choice }:
                var chosen = choice.CaseOf(value);
                WriteText(emitter, chosen.Name);
                WriteText(emitter, chosen.Name);
                WriteSection(emitter, chosen.Section, value, discriminator: null);
                break;
            case OptionShape.OneOf { Choice: var choice }:
                WriteSection(emitter, choice.CaseOf(value).Section, value, (choice.Key, choice.CaseOf(value).Name));
                break;
            case OptionShape.Section section:
                WriteSection(emitter, section.Schema, value, discriminator: null);
                break;
            case OptionShape.Many many:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
                foreach (var item in (IEnumerable)value)
                {
                    WriteOption(emitter, many.Item, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case OptionShape.Texts:
                WriteTexts(emitter, (IReadOnlyDictionary<string, string>)value);
                break;
            case OptionShape.Named:
                WriteText(emitter, SnakeCase.Of(value.ToString()!));
                break;
            case OptionShape.Scalar scalar:
                WriteText(emitter, scalar.Write(value), quoted: value is string);
                break;
            default:
                throw new InvalidOperationException($"unknown shape {shape}");
        }
    }

    private static void WriteTexts(Emitter emitter, IReadOnlyDictionary<string, string> texts)
    {
        emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
        foreach (var (name, text) in texts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            WriteText(emitter, name);
            WriteText(emitter, text, quoted: true);
        }

        emitter.Emit(new MappingEnd());
    }

    /// <summary>Text of the user is quoted, so that <c>no</c>, <c>1.0</c> and <c>~</c> stay text for every reader of
    /// YAML.</summary>
    private static void WriteText(Emitter emitter, string text, bool quoted = false)
    {
        var style = quoted ? ScalarStyle.DoubleQuoted : ScalarStyle.Plain;
        emitter.Emit(new Scalar(
            AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: true, isQuotedImplicit: true));
    }
}
