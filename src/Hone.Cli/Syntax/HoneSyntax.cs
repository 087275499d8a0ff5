using System.CommandLine;
using Hone.Cli.Commands;

namespace Hone.Cli.Syntax;

/// <summary>The tree of commands.</summary>
internal static class HoneSyntax
{
    /// <summary>The commands, in the order in which the help lists them. A new command is a line here.</summary>
    private static readonly (string Name, Func<Session, Command> Make)[] Commands =
    [
        ("train", TrainCommand.Syntax),
        ("plan", PlanCommand.Syntax),
        ("generate", GenerateCommand.Syntax),
        ("chat", ChatCommand.Syntax),
        ("search", SearchCommand.Syntax),
        ("score", ScoreCommand.Syntax),
        ("tokenize", TokenizeCommand.Syntax),
        ("tokenizer", TokenizerCommand.Syntax),
        ("data", DataCommand.Syntax),
        ("pull", PullCommand.Syntax),
        ("cache", CacheCommand.Syntax),
        ("export", ExportCommand.Syntax),
        ("adapter", AdapterCommand.Syntax),
        ("embed", EmbedCommand.Syntax),
        ("recipes", RecipesCommand.Syntax),
        ("doctor", DoctorCommand.Syntax),
        ("bench", BenchSyntax.Of),
        ("demo", DemoCommand.Syntax),
    ];

    /// <summary>
    /// The command <c>hone</c> with the one below it that the words name; with all of them where they name none.
    /// </summary>
    /// <remarks>To make the options of every command takes longer than some commands.</remarks>
    public static Command Root(Session session, IReadOnlyList<string> words)
    {
        var version = new Option<bool>("--version") { Description = "Show the version" };
        var root = new Command(
            "hone",
            "Post-training for language models: supervised fine-tuning, reinforcement learning, generation and "
                + "evaluation.")
        {
            version,
        };
        var named = Commands.Where(command => words is [var first, ..] && command.Name == first).ToList();
        foreach (var (_, make) in named is [_, ..] ? named : [.. Commands])
        {
            root.Add(make(session));
        }

        root.SetAction(
            _ => root.Parse(["--help"]).Invoke(new InvocationConfiguration { Output = session.Terminal.Output }));
        root.Teach(
            session.Terminal,
            "hone recipes ls",
            "hone recipes cp stories-sft",
            "hone train stories-sft.yaml --set steps=20",
            "hone generate runs/stories-sft/final --prompt \"Once upon a time\"");
        return root;
    }
}
