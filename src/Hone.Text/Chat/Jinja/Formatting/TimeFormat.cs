using System.Globalization;
using System.Text;

namespace Hone.Text.Chat.Jinja;

/// <summary>Dates and times as <c>strftime</c> writes them, in English.</summary>
internal static class TimeFormat
{
    private static readonly CultureInfo English = CultureInfo.InvariantCulture;

    /// <summary>Writes a time.</summary>
    /// <param name="time">The time, without a zone.</param>
    /// <param name="format">Text with fields such as <c>%d %B %Y</c>; <c>%-d</c> leaves out what fills up.</param>
    public static string Write(DateTime time, string format)
    {
        var result = new StringBuilder();
        for (var index = 0; index < format.Length; index++)
        {
            if (format[index] != '%' || index + 1 == format.Length)
            {
                result.Append(format[index]);
                continue;
            }

            var start = index++;
            var flag = ' ';
            if (format[index] is '-' or '_' or '0' or '^' or '#' && index + 1 < format.Length)
            {
                flag = format[index++];
            }

            result.Append(Field(time, format[index]) is { } field ? Flagged(field, flag) : format[start..(index + 1)]);
        }

        return result.ToString();
    }

    private static string Flagged(string field, char flag) => flag switch
    {
        '-' => field.TrimStart('0', ' ') is { Length: > 0 } bare ? bare : "0",
        '_' => field.TrimStart('0').PadLeft(field.Length),
        '0' => field.TrimStart(' ').PadLeft(field.Length, '0'),
        '^' => field.ToUpperInvariant(),
        '#' => field.Any(char.IsAsciiLetterLower) ? field.ToUpperInvariant() : field.ToLowerInvariant(),
        _ => field,
    };

    private static string? Field(DateTime time, char field) => field switch
    {
        'a' => time.ToString("ddd", English),
        'A' => time.ToString("dddd", English),
        'b' or 'h' => time.ToString("MMM", English),
        'B' => time.ToString("MMMM", English),
        'c' => Write(time, "%a %b %e %H:%M:%S %Y"),
        'C' => Two(time.Year / 100),
        'd' => Two(time.Day),
        'D' or 'x' => Write(time, "%m/%d/%y"),
        'e' => time.Day.ToString(English).PadLeft(2),
        'f' => time.ToString("ffffff", English),
        'F' => Write(time, "%Y-%m-%d"),
        'g' => Two(ISOWeek.GetYear(time) % 100),
        'G' => ISOWeek.GetYear(time).ToString(English),
        'H' => Two(time.Hour),
        'I' => Two(Hour12(time)),
        'j' => time.DayOfYear.ToString("000", English),
        'k' => time.Hour.ToString(English).PadLeft(2),
        'l' => Hour12(time).ToString(English).PadLeft(2),
        'm' => Two(time.Month),
        'M' => Two(time.Minute),
        'n' => "\n",
        'p' => time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'r' => Write(time, "%I:%M:%S %p"),
        'R' => Write(time, "%H:%M"),
        's' => ((DateTimeOffset)time).ToUnixTimeSeconds().ToString(English),
        'S' => Two(time.Second),
        't' => "\t",
        'T' or 'X' => Write(time, "%H:%M:%S"),
        'u' => (((int)time.DayOfWeek + 6) % 7 + 1).ToString(English),
        'U' => Two((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7),
        'V' => Two(ISOWeek.GetWeekOfYear(time)),
        'w' => ((int)time.DayOfWeek).ToString(English),
        'W' => Two((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7),
        'y' => Two(time.Year % 100),
        'Y' => time.Year.ToString(English),
        'z' or 'Z' => "",
        '%' => "%",
        _ => null,
    };

    private static string Two(int number) => number.ToString("00", English);

    private static int Hour12(DateTime time) => ((time.Hour + 11) % 12) + 1;
}
