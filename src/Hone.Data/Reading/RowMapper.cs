using System.Text.Json;

namespace Hone.Data;

/// <summary>Makes rows of records: finds the columns, holds them to their shape, says in words what does not
/// fit.</summary>
internal sealed class RowMapper
{
    private const string Prompt = "prompt";
    private const string Completion = "completion";
    private const string Text = "text";
    private const string Messages = "messages";
    private const string Chosen = "chosen";
    private const string Rejected = "rejected";

    private readonly DataSourceOptions _options;
    private readonly ColumnMap _columns;
    private RowShape _shape;

    /// <summary>Reads rows as the options say.</summary>
    public RowMapper(DataSourceOptions options)
    {
        _options = options;
        _shape = options.Shape;
        _columns = new ColumnMap(options.Columns);
    }

    /// <summary>Makes one row. The first one settles the shape if the options leave it open.</summary>
    /// <exception cref="DataException">A column is missing or does not hold what it should.</exception>
    public Row Map(DataRecord record)
    {
        if (_shape == RowShape.Auto)
        {
            _shape = Detect(record);
        }

        return _shape switch
        {
            RowShape.Text => new TextRow(record.At, _columns.Text(record, Text)),
            RowShape.Conversation => new ConversationRow(record.At, _columns.Messages(record, MessagesColumn(record)))
            {
                Inputs = InputsReader.Read(record),
            },
            RowShape.PromptCompletion => MapPair(record),
            RowShape.Preference => MapPreference(record),
            RowShape.Prompt => new PromptRow(
                record.At, WithInputs(record, _columns.Content(record, Prompt, mayBeEmpty: true)),
                _columns.Others(record, Prompt)),
            _ => throw new InvalidOperationException($"shape {_shape} has no reader"),
        };
    }

    private PromptCompletionRow MapPair(DataRecord record)
    {
        var prompt = WithInputs(record, _columns.Content(record, Prompt, mayBeEmpty: true));
        var completion = _columns.Content(record, Completion, mayBeEmpty: false);
        return (prompt, completion) is (PlainText, PlainText) or (Dialogue, Dialogue)
            ? new PromptCompletionRow(record.At, prompt, completion)
            : throw new DataException(
                record.At, "prompt and completion must both be text or both be messages, got one of each");
    }

    private static RowContent WithInputs(DataRecord record, RowContent content) =>
        content is Dialogue dialogue ? dialogue with { Inputs = InputsReader.Read(record) } : content;

    private PreferenceRow MapPreference(DataRecord record)
    {
        var chosen = _columns.Content(record, Chosen, mayBeEmpty: true);
        var rejected = _columns.Content(record, Rejected, mayBeEmpty: true);
        var prompt = _columns.Has(record, Prompt) ? _columns.Content(record, Prompt, mayBeEmpty: true) : null;
        var pair = (prompt, chosen, rejected) switch
        {
            (PlainText, PlainText, PlainText) => new PreferenceRow(record.At, prompt, chosen, rejected),
            (Dialogue, Dialogue, Dialogue) => new PreferenceRow(record.At, prompt, chosen, rejected),
            (null, PlainText one, PlainText other) => SharedPrompt.Of(record.At, one.Text, other.Text),
            (null or PlainText, Dialogue one, Dialogue other) =>
                SharedPrompt.Of(record.At, one.Messages, other.Messages),
            _ => throw new DataException(
                record.At, "prompt, chosen and rejected must all be text or all be messages, got some of each"),
        };
        return pair with { Prompt = WithInputs(record, pair.Prompt) };
    }

    private string MessagesColumn(DataRecord record) =>
        !_columns.Has(record, Messages) && _columns.Has(record, "conversations") ? "conversations" : Messages;

    private RowShape Detect(DataRecord record)
    {
        var prompt = _columns.Has(record, Prompt);
        var completion = _columns.Has(record, Completion);
        var shapes = new List<RowShape>();
        if (_columns.Has(record, Messages) || _columns.Has(record, "conversations"))
        {
            shapes.Add(RowShape.Conversation);
        }

        if (_columns.Has(record, Text))
        {
            shapes.Add(RowShape.Text);
        }

        if (_columns.Has(record, Chosen) && _columns.Has(record, Rejected))
        {
            shapes.Add(RowShape.Preference);
        }
        else if (prompt)
        {
            shapes.Add(completion ? RowShape.PromptCompletion : RowShape.Prompt);
        }

        return shapes switch
        {
            [var only] => only,
            [] => throw new DataException(
                record.At, "a column text, messages, prompt or chosen must be there; this row has "
                + $"{JsonText.Names(record.Fields)}; {Advice(record)}"),
            _ => throw new DataException(record.At, $"the row could be {string.Join(" or ", shapes.Select(Name))}; "
                + $"say which with shape"),
        };
    }

    private string Advice(DataRecord record)
    {
        var fields = record.Fields.EnumerateObject().ToList();
        var list = fields.Find(field => field.Value.ValueKind == JsonValueKind.Array
            && field.Value.GetArrayLength() > 0 && field.Value[0].ValueKind == JsonValueKind.Object);
        return (list.Value.ValueKind, fields) switch
        {
            (JsonValueKind.Array, _) when _options.Field.Length == 0 =>
                $"if the rows are in \"{list.Name}\", set field: {list.Name}",
            (_, [{ Name: var name }]) when name.Contains(';') || name.Contains('\t') =>
                $"if its cells are separated by another character, set separator",
            _ => "name them under columns",
        };
    }

    private static string Name(RowShape shape) => shape switch
    {
        RowShape.Text => "text",
        RowShape.PromptCompletion => "prompt_completion",
        RowShape.Conversation => "conversation",
        RowShape.Prompt => "prompt",
        RowShape.Preference => "preference",
        _ => "auto",
    };
}
