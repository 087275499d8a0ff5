using Hone.Training.Recipes;

namespace Hone.Benchmarks.Reporting;

/// <summary>The part of a document between two marks, which a program writes.</summary>
public static class DocumentSection
{
    /// <summary>What stands above the part.</summary>
    public const string Begin = "<!-- written by hone bench table -->";

    /// <summary>What stands below it.</summary>
    public const string End = "<!-- end of what hone bench table wrote -->";

    /// <summary>The document with another text between the marks.</summary>
    /// <param name="document">The document.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="OptionsException">The document does not have the marks, each once and in their
    /// order.</exception>
    public static string Replace(string document, string name, string text)
    {
        var (begin, end) =
            (document.IndexOf(Begin, StringComparison.Ordinal), document.IndexOf(End, StringComparison.Ordinal));
        return begin >= 0 && end > begin
            ? $"{document[..(begin + Begin.Length)]}\n\n{text.TrimEnd('\n')}\n\n{document[end..]}"
            : throw new OptionsException(
                $"{name}: must have the lines {Begin} and {End}, the table goes between them; add them");
    }
}
