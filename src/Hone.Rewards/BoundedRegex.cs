using System.Text.RegularExpressions;

namespace Hone.Rewards;

/// <summary>Regular expressions that users write, with a limit on the time of one match.</summary>
internal static class BoundedRegex
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public static Regex Of(string pattern) =>
        new(pattern, RegexOptions.CultureInvariant | RegexOptions.Singleline, Limit);
}
