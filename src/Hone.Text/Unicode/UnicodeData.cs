namespace Hone.Text.Unicode;

/// <summary>The tables of the Unicode Character Database that the runtime lacks, as they lie beside this
/// file.</summary>
internal static class UnicodeData
{
    /// <summary>The fields of each line; a line that starts with # is a remark.</summary>
    public static IEnumerable<string[]> Lines(string name)
    {
        using var stream = typeof(UnicodeData).Assembly.GetManifestResourceStream($"Hone.Text.Unicode.Data.{name}")
            ?? throw new InvalidOperationException($"the table {name} is not in the assembly");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                yield return line.Split(' ');
            }
        }
    }
}
