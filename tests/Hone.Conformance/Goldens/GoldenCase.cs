namespace Hone.Conformance.Goldens;

/// <summary>One recorded computation: its inputs and what the reference made of them.</summary>
/// <param name="Area">The folder of the goldens, such as <c>rl</c>.</param>
/// <param name="Path">The file or folder of the index entry, relative to the area.</param>
/// <param name="Name">The name of the entry; with <c>#</c> and a line number where a whole <c>.jsonl</c> file is one
/// entry.</param>
/// <param name="Kind">Which computation it is, as <see cref="CaseKind"/> names it.</param>
/// <param name="Record">The record: the line, the list element or the whole file.</param>
/// <param name="File">The whole file that the record stands in; the record itself for lines.</param>
/// <param name="Folders">Where the paths inside the record lead.</param>
public sealed record GoldenCase(
    string Area, string Path, string Name, string Kind, Field Record, Field File, GoldenFolders Folders)
{
    /// <summary>The record's <c>inputs</c>.</summary>
    public Field Inputs => Record["inputs"];

    /// <summary>The record's <c>options</c>.</summary>
    public Field Options => Record["options"];

    /// <summary>The record's <c>expected</c>.</summary>
    public Field Expected => Record["expected"];

    /// <summary>The full path of <paramref name="relative"/>, which lies beside the case's own file.</summary>
    public string Beside(string relative)
    {
        var own = System.IO.Path.Combine(Folders.Area, Path);
        var folder = Directory.Exists(own) ? own : System.IO.Path.GetDirectoryName(own)!;
        return System.IO.Path.Combine(folder, relative);
    }
}
