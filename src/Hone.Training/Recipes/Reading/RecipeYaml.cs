using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hone.Training.Recipes.Reading;

/// <summary>Reads YAML into nodes that know their places.</summary>
/// <remarks>The events come from YamlDotNet's parser. Nesting is bounded, since every level costs stack here and no
/// recipe needs many.</remarks>
internal sealed class RecipeYaml
{
    private const int MaximumDepth = 32;

    private readonly string _text;
    private readonly Parser _parser;
    private readonly Func<Mark, RecipePlace> _place;
    private readonly List<RecipeProblem> _problems;

    private RecipeYaml(string text, Func<Mark, RecipePlace> place, List<RecipeProblem> problems)
    {
        _text = text;
        _parser = new Parser(new StringReader(text));
        _place = place;
        _problems = problems;
    }

    /// <summary>Reads the one document of a file; null when it is not YAML, with the reason among
    /// <paramref name="problems"/>.</summary>
    public static RecipeNode? Read(string text, string file, List<RecipeProblem> problems) =>
        new RecipeYaml(text, mark => new RecipePlace(file, (int)mark.Line, (int)mark.Column), problems).Document();

    /// <summary>Reads the value of an override, all of which stands at one place.</summary>
    public static RecipeNode? ReadValue(string text, RecipePlace place, List<RecipeProblem> problems) =>
        new RecipeYaml(text, _ => place, problems).Document();

    private RecipeNode? Document()
    {
        if (_text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var end)
        {
            // The parser would take it for the end of the text, and leave out the rest without a word.
            var before = _text.AsSpan(0, end);
            var mark = new Mark(end, before.Count('\n') + 1, end - before.LastIndexOf('\n'));
            return Refuse(mark, "a NUL character is none");
        }

        try
        {
            _parser.Consume<StreamStart>();
            if (_parser.Accept<StreamEnd>(out var nothing))
            {
                return new RecipeNode.Text(_place(nothing.Start), "", Quoted: false);
            }

            _parser.Consume<DocumentStart>();
            var node = Node(depth: 0);
            _parser.Consume<DocumentEnd>();
            if (!_parser.Accept<StreamEnd>(out _))
            {
                return Refuse(_parser.Current!.Start, "one document is expected, another begins here");
            }

            return node;
        }
        catch (YamlException fault)
        {
            return LineWithoutKey(fault) is var (line, text)
                ? Refuse(new Mark(0, line, 1), $"a line must have a key and a colon, got {text}")
                : Refuse(fault.Start, Lowered(fault.Message));
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            // The parser's own answer to some texts that are no YAML: "{" and "=" on the next line, an empty tag.
            return Refuse(_parser.Current?.End ?? Mark.Empty, "what follows cannot be read");
        }
    }

    // The parser takes a line without a colon for the beginning of a key that goes on in the next line, and names the
    // colon that it finds there; or it stops at the line and does not say what stands on it.
    private (long Line, string Text)? LineWithoutKey(YamlException fault)
    {
        var lines = _text.Split('\n');
        var line = fault.Message switch
        {
            _ when fault.Message.Contains("multiline plain scalar", StringComparison.Ordinal) => fault.Start.Line - 1,
            _ when fault.Message.Contains("expected key", StringComparison.Ordinal) => fault.Start.Line,
            _ => 0,
        };
        return line >= 1 && line <= lines.Length && lines[line - 1].Trim() is { Length: > 0 } text
            && text.IndexOf(':', StringComparison.Ordinal) <= 0
            ? (line, text)
            : null;
    }

    private RecipeNode? Refuse(Mark at, string why)
    {
        _problems.Add(new RecipeProblem(_place(at), "", $"must be YAML: {why}"));
        return null;
    }

    private RecipeNode Node(int depth)
    {
        var next = _parser.Consume<ParsingEvent>();
        if (depth > MaximumDepth)
        {
            throw Fault(next, $"values may be nested {MaximumDepth} deep, this one is deeper");
        }

        var at = _place(next.Start);
        return next switch
        {
            AnchorAlias alias => throw Fault(next, $"aliases are not read, got *{alias.Value}; write the value out"),
            Scalar scalar => new RecipeNode.Text(at, scalar.Value, Quoted: scalar.Style is not ScalarStyle.Plain),
            SequenceStart => new RecipeNode.Items(at, Values(depth)),
            MappingStart => new RecipeNode.Keys(at, Entries(depth)),
            _ => throw Fault(next, "a value is expected here"),
        };
    }

    private List<RecipeNode> Values(int depth)
    {
        List<RecipeNode> values = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            values.Add(Node(depth + 1));
        }

        return values;
    }

    private List<RecipeEntry> Entries(int depth)
    {
        List<RecipeEntry> entries = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(depth + 1);
            var value = Node(depth + 1);
            if (key is not RecipeNode.Text { Value: var name })
            {
                _problems.Add(new RecipeProblem(key.At, "", $"a key must be a word, got {key.Description}"));
            }
            else if (name.Length == 0)
            {
                // The parser knows no place of what is not there.
                var what = $"must have a key, {value.Description} stands by itself";
                _problems.Add(new RecipeProblem(value.At, "", what));
            }
            else if (entries.Find(entry => entry.Name == name) is { } first)
            {
                _problems.Add(new RecipeProblem(key.At, name, $"must be given once, was given before at {first.At}"));
            }
            else
            {
                entries.Add(new RecipeEntry(name, key.At, value));
            }
        }

        return entries;
    }

    private static SemanticErrorException Fault(ParsingEvent at, string why) => new(at.Start, at.End, why);

    private static string Lowered(string message) =>
        message is [var first, .. var rest] ? char.ToLowerInvariant(first) + rest.TrimEnd('.') : message;
}
