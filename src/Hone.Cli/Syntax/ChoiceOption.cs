using System.CommandLine;
using System.CommandLine.Parsing;

namespace Hone.Cli.Syntax;

/// <summary>Options that are one of a few words, refused in words when they are not.</summary>
internal static class ChoiceOption
{
    /// <summary>A choice with a default, which the help shows.</summary>
    /// <param name="name">Its name, such as <c>--clock</c>.</param>
    /// <param name="description">What it decides.</param>
    /// <param name="standard">The word when it is not given.</param>
    /// <param name="words">All words, at least two.</param>
    public static Option<string> Of(string name, string description, string standard, params IEnumerable<string> words)
    {
        var option = new Option<string>(name) { DefaultValueFactory = _ => standard };
        return Among(option, description, [.. words]);
    }

    /// <summary>A choice without a default of its own.</summary>
    public static Option<string?> Optional(string name, string description, params IEnumerable<string> words) =>
        Among(new Option<string?>(name), description, [.. words]);

    private static T Among<T>(T option, string description, string[] words)
        where T : Option
    {
        option.HelpName = string.Join('|', words);
        option.Description = description;
        option.Validators.Add(given => Check(given, option.Name, words));
        return option;
    }

    private static void Check(OptionResult given, string name, string[] words)
    {
        if (given.Tokens is [var token] && !words.Contains(token.Value))
        {
            given.AddError($"{name}: must be {string.Join(", ", words.SkipLast(1))} or {words[^1]}, got {token.Value}");
        }
    }
}
