using System.Globalization;
using System.Text.RegularExpressions;

namespace Hone.Data.Hub;

/// <summary>How long to wait before a request is made again.</summary>
internal static partial class RetryPause
{
    private const int LongestSeconds = 8;

    /// <summary>The pause after the attempt of that number, from 1: 1, 2, 4, 8, 8… seconds.</summary>
    public static TimeSpan After(int attempt) =>
        TimeSpan.FromSeconds(Math.Min(LongestSeconds, 1 << Math.Min(attempt - 1, 4)));

    /// <summary>The pause that a server asks for: <c>Retry-After</c> in seconds or as a date, else the <c>t</c> of
    /// <c>RateLimit: "api";r=0;t=55</c>; null where it asks for none.</summary>
    public static TimeSpan? AskedBy(HttpResponseMessage response, TimeProvider time)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => RateLimit(response),
        };
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked;
    }

    private static TimeSpan? RateLimit(HttpResponseMessage response) =>
        response.Headers.TryGetValues("RateLimit", out var values)
        && Window().Match(string.Join(",", values)) is { Success: true } match
        && int.TryParse(
            match.Groups["seconds"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    [GeneratedRegex(@";\s*r\s*=\s*0\s*;\s*t\s*=\s*(?<seconds>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Window();
}
