using System.Text;
using System.Text.RegularExpressions;

namespace Hone.Data.Hub;

/// <summary>Patterns of file names: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a-z]</c>.</summary>
internal static class GlobPattern
{
    /// <summary>As <c>fnmatch</c> has them, where <c>*</c> matches slashes too; one that ends with a slash means all
    /// that is below.</summary>
    public static Func<string, bool> Anywhere(string pattern) =>
        Matcher(pattern.EndsWith('/') ? $"{pattern}*" : pattern, star: ".*", one: ".");

    /// <summary>As data sets have them, where <c>*</c> stays in one folder and <c>**</c> does not.</summary>
    public static Func<string, bool> ByFolder(string pattern) => Matcher(pattern, star: "[^/]*", one: "[^/]");

    private static Func<string, bool> Matcher(string pattern, string star, string one)
    {
        var regex = new Regex(
            $@"\A{Translate(pattern, star, one)}\z",
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
        return regex.IsMatch;
    }

    private static string Translate(string pattern, string star, string one)
    {
        var regex = new StringBuilder();
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '*' when at + 1 < pattern.Length && pattern[at + 1] == '*':
                    at++;
                    var crossesFolder = at + 1 < pattern.Length && pattern[at + 1] == '/';
                    at += crossesFolder ? 1 : 0;
                    regex.Append(crossesFolder ? "(?:.*/)?" : ".*");
                    break;
                case '*':
                    regex.Append(star);
                    break;
                case '?':
                    regex.Append(one);
                    break;
                case '[' when pattern.IndexOf(']', at + 2 < pattern.Length ? at + 2 : at) is > 0 and var end:
                    regex.Append(Class(pattern[(at + 1)..end]));
                    at = end;
                    break;
                case var letter:
                    regex.Append(Regex.Escape($"{letter}"));
                    break;
            }
        }

        return $"{regex}";
    }

    private static string Class(string members)
    {
        var isNegated = members.StartsWith('!');
        var escaped = (isNegated ? members[1..] : members)
            .Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("[", @"\[", StringComparison.Ordinal)
            .Replace("]", @"\]", StringComparison.Ordinal)
            .Replace("^", @"\^", StringComparison.Ordinal);
        return $"[{(isNegated ? "^" : "")}{escaped}]";
    }
}
