using System.CommandLine;
using System.CommandLine.Parsing;
using Hone.Training.Recipes;

namespace Hone.Cli.Syntax;

/// <summary>Says what is wrong with the words of a command line, all of it at once.</summary>
internal static class SyntaxErrors
{
    /// <summary>The faults, each as one line that begins with the command; empty when there are none or help was asked
    /// for.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult;
        var strangers = Strangers(parsed, command);
        if ((parsed.Errors.Count == 0 && strangers is []) || parsed.Action is { ClearsParseErrors: true })
        {
            return [];
        }

        var name = NameOf(command);
        var known = strangers.Select(word => Unknown(word, command.Command))
            .Concat(command.Command.Arguments
                .Where(argument => IsMissing(argument, parsed))
                .Select(argument => $"{argument.Name}: must be given"))
            .Concat(parsed.Errors
                .Where(error => error.SymbolResult is OptionResult or ArgumentResult { Tokens.Count: > 0 })
                .Select(Words))
            .Distinct()
            .ToList();
        IEnumerable<string> problems = (known, command.Command.Subcommands) switch
        {
            ([_, ..], _) => known,
            (_, [var only]) => [$"must be followed by {only.Name}"],
            (_, [.., var last] below) =>
                [$"must be followed by {string.Join(", ", below.SkipLast(1).Select(one => one.Name))} or {last.Name}"],
            _ => parsed.Errors.Select(error => error.Message.TrimEnd('.')),
        };
        return [.. problems.Select(problem => $"{name}: {problem}"), $"see `{name} --help`"];
    }

    private static string NameOf(CommandResult command) =>
        command.Parent is CommandResult outer ? $"{NameOf(outer)} {command.Command.Name}" : "hone";

    /// <summary>
    /// Words that have no place. An option that does not exist may stand where an argument can; what follows it is then
    /// no fault of its own.
    /// </summary>
    private static List<string> Strangers(ParseResult parsed, CommandResult command)
    {
        var arguments = command.Children
            .OfType<ArgumentResult>()
            .SelectMany(result => result.Tokens)
            .Select(token => token.Value);
        var options = arguments.Concat(parsed.UnmatchedTokens).Where(word => word is ['-', _, ..]).ToList();
        return options is [_, ..] ? options : [.. parsed.UnmatchedTokens];
    }

    private static bool IsMissing(Argument argument, ParseResult parsed) =>
        argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is not { Tokens.Count: > 0 };

    private static string Words(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Option.Required: true, IdentifierTokenCount: 0 } missing =>
            $"{missing.Option.Name}: must be given",
        OptionResult { Tokens.Count: 0, IdentifierTokenCount: > 0 } bare =>
            $"{bare.Option.Name}: must be followed by {bare.Option.HelpName ?? "a value"}",
        OptionResult { IdentifierTokenCount: > 1, Option.Arity.MaximumNumberOfValues: 1 } twice =>
            $"{twice.Option.Name}: must be given once, got {twice.IdentifierTokenCount}",
        _ => error.Message.TrimEnd('.'),
    };

    private static string Unknown(string word, Command command)
    {
        var isOption = word.StartsWith('-');
        var names = isOption
            ? command.Options.Where(option => !option.Hidden).Select(option => option.Name)
            : command.Subcommands.Select(one => one.Name);
        var kind = (isOption, command.Subcommands) switch
        {
            (true, _) => "there is no such option",
            (false, [_, ..]) => "there is no such command",
            _ => "one argument too many",
        };
        return $"\"{word}\": {kind}{(NearestName.Of(word, names) is { } near ? $"; did you mean {near}?" : "")}";
    }
}
