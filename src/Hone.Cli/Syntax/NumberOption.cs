using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Hone.Cli.Syntax;

/// <summary>Options that are numbers, refused in words when they are not in range.</summary>
internal static class NumberOption
{
    private const NumberStyles Style =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>A number with a default, which the help shows.</summary>
    /// <param name="name">Its name, such as <c>--seed</c>.</param>
    /// <param name="value">What the help calls its value.</param>
    /// <param name="description">What it does, with its unit.</param>
    /// <param name="standard">The value when it is not given.</param>
    /// <param name="least">The smallest value.</param>
    /// <param name="most">The largest value, or null for no limit.</param>
    public static Option<T> Of<T>(string name, string value, string description, T standard, T least, T? most = null)
        where T : struct, INumber<T> => new(name)
        {
            HelpName = value,
            Description = description,
            DefaultValueFactory = _ => standard,
            CustomParser = given => Read(name, given, least, most) ?? standard,
        };

    /// <summary>A number without a default of its own.</summary>
    public static Option<T?> Optional<T>(string name, string value, string description, T least, T? most = null)
        where T : struct, INumber<T> => new(name)
        {
            HelpName = value,
            Description = description,
            CustomParser = given => Read(name, given, least, most),
        };

    private static T? Read<T>(string name, ArgumentResult given, T least, T? most)
        where T : struct, INumber<T>
    {
        var text = given.Tokens[0].Value;
        if (T.TryParse(text, Style, CultureInfo.InvariantCulture, out var number)
            && T.IsFinite(number) && number >= least && (most is not { } limit || number <= limit))
        {
            return number;
        }

        var kind = T.IsInteger(T.One / (T.One + T.One)) ? "a whole number" : "a number";
        given.AddError(
            $"{name}: must be {kind} {(most is { } top ? $"from {least} to {top}" : $"from {least}")}, got {text}");
        return null;
    }
}
