using System.Globalization;
using System.Text;
using Hone.Text.Unicode;

namespace Hone.Text.Chat.Jinja;

/// <summary>Upper and lower case by Unicode's full mappings, where a letter may become several.</summary>
internal static class CaseMapping
{
    private const int CapitalSigma = 0x3A3;
    private const int FinalSigma = 0x3C2;

    private static readonly Lazy<Dictionary<(int Point, char Form), string>> Special = new(() => UnicodeData
        .Lines("special_casing.txt")
        .ToDictionary(
            fields => (int.Parse(fields[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), fields[1][0]),
            fields => string.Concat(fields.Skip(2).Select(field => char.ConvertFromUtf32(
                int.Parse(field, NumberStyles.HexNumber, CultureInfo.InvariantCulture))))));

    /// <summary><c>str.upper</c>.</summary>
    public static string Upper(string text) => Ascii.IsValid(text)
        ? text.ToUpperInvariant()
        : Map(text, (result, point, _, _) => result.Append(Upper(point)));

    /// <summary><c>str.lower</c>.</summary>
    public static string Lower(string text) => Ascii.IsValid(text)
        ? text.ToLowerInvariant()
        : Map(text, (result, point, points, place) => result.Append(Lower(point, points, place)));

    /// <summary><c>str.casefold</c>.</summary>
    public static string Fold(string text) => Ascii.IsValid(text)
        ? text.ToLowerInvariant()
        : Map(text, (result, point, _, _) => result.Append(Find(point, 'F') ?? Lower(point)));

    /// <summary><c>str.swapcase</c>.</summary>
    public static string Swap(string text) => Map(text, (result, point, points, place) => result.Append(
        CharacterClass.IsUpper(point) ? Lower(point, points, place)
        : CharacterClass.IsLower(point) ? Upper(point)
        : PythonText.OfCodePoint(point)));

    /// <summary><c>str.capitalize</c>.</summary>
    public static string Capitalize(string text) => Map(text, (result, point, points, place) => result.Append(
        place == 0 ? Title(point) : Lower(point, points, place)));

    /// <summary><c>str.title</c>: a word begins after anything that has no case.</summary>
    public static string Title(string text) => Map(text, (result, point, points, place) => result.Append(
        place > 0 && CharacterClass.IsCased(points[place - 1]) ? Lower(point, points, place) : Title(point)));

    private static string Map(string text, Action<StringBuilder, int, int[], int> append)
    {
        var points = PythonText.CodePoints(text);
        var result = new StringBuilder(text.Length);
        for (var place = 0; place < points.Length; place++)
        {
            append(result, points[place], points, place);
        }

        return result.ToString();
    }

    private static string Upper(int point) => Find(point, 'U') ?? Simple(point, Rune.ToUpperInvariant);

    private static string Title(int point) => Find(point, 'T') ?? Upper(point);

    private static string Lower(int point) => Find(point, 'L') ?? Simple(point, Rune.ToLowerInvariant);

    private static string Lower(int point, int[] points, int place) =>
        point == CapitalSigma && EndsWord(points, place) ? PythonText.OfCodePoint(FinalSigma) : Lower(point);

    // A sigma is final after a letter and not before one; marks between do not count.
    private static bool EndsWord(int[] points, int place)
    {
        var before = place - 1;
        while (before >= 0 && CharacterClass.IsCaseIgnorable(points[before]))
        {
            before--;
        }

        var after = place + 1;
        while (after < points.Length && CharacterClass.IsCaseIgnorable(points[after]))
        {
            after++;
        }

        return before >= 0 && CharacterClass.IsCased(points[before])
            && !(after < points.Length && CharacterClass.IsCased(points[after]));
    }

    private static string? Find(int point, char form) =>
        point < 0x80 ? null : Special.Value.GetValueOrDefault((point, form));

    private static string Simple(int point, Func<Rune, Rune> map) =>
        Rune.IsValid(point) ? map(new Rune(point)).ToString() : PythonText.OfCodePoint(point);
}
