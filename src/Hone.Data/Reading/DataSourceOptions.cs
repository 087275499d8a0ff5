namespace Hone.Data;

/// <summary>Which files to read, and what their columns mean.</summary>
public sealed record DataSourceOptions
{
    /// <summary>A file, a folder (all files in it that have a known suffix, in ordinal order of their names), a
    /// pattern with <c>*</c> and <c>?</c> in its last part, or a data set of the hub: <c>org/name</c>, perhaps with
    /// <c>@revision</c> and <c>:file</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Folders and data sets of the hub: the configuration, where there are several.</summary>
    public string Config { get; init; } = "";

    /// <summary>Folders and data sets of the hub: the split to read, such as <c>train</c>; empty for all files of a
    /// folder, and for the only split of a data set.</summary>
    public string Split { get; init; } = "";

    /// <summary>How the files write their rows.</summary>
    public DataFormat Format { get; init; }

    /// <summary>What the rows are.</summary>
    public RowShape Shape { get; init; }

    /// <summary>Column of the file by our name for it: <c>prompt: question</c>. Several joined by <c>+</c>
    /// (<c>prompt: instruction + input</c>) become one text of as many lines, empty ones left out.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>JSON: the field of the file's object that holds the array of rows; empty when the file is the array,
    /// or its one object is the row.</summary>
    public string Field { get; init; } = "";

    /// <summary>Plain text: what one row is.</summary>
    public TextUnit Unit { get; init; }

    /// <summary>Plain text in documents: what stands between two of them.</summary>
    public string Delimiter { get; init; } = "<|endoftext|>";

    /// <summary>Plain text: whether each run of white space, line ends among it, becomes one space, so that text in
    /// paragraphs reads like text in one line.</summary>
    public bool JoinLines { get; init; }

    /// <summary>CSV and TSV: whether the first line names the columns; else they are called 0, 1, 2…</summary>
    public bool Header { get; init; } = true;

    /// <summary>CSV and TSV: whether a double quote opens a quoted cell; else it is text like any other.</summary>
    public bool Quotes { get; init; } = true;

    /// <summary>CSV and TSV: the one character between two cells; empty for the format's own.</summary>
    public string Separator { get; init; } = "";

    /// <summary>All that contradicts itself here, in the recipe's own key names.</summary>
    public IEnumerable<string> Problems()
    {
        if (Path.Length == 0)
        {
            yield return "path: must name a file, a folder or a pattern, got nothing";
        }

        if (Unit == TextUnit.Document && Delimiter.Length == 0)
        {
            yield return "delimiter: must not be empty when unit is document";
        }

        if (Separator.Length > 0 && (Separator is not [< (char)128] || Separator is ['"' or '\r' or '\n']))
        {
            yield return "separator: must be a single ASCII character other than a quote or a line end, "
                + $"got \"{Separator}\"";
        }

        foreach (var (name, column) in Columns)
        {
            if (name is not ("text" or "prompt" or "completion" or "messages" or "chosen" or "rejected"))
            {
                yield return "columns: must map text, prompt, completion, messages, chosen or rejected, got "
                    + $"\"{name}\"";
            }
            else if (column.Split('+').Any(string.IsNullOrWhiteSpace))
            {
                yield return $"columns.{name}: must name a column of the file, got \"{column}\"";
            }
        }
    }
}
