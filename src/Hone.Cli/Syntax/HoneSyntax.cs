using System.CommandLine;
using Hone.Cli.Commands;

namespace Hone.Cli.Syntax;

/// <summary>The tree of commands.</summary>
internal static class HoneSyntax
{
    /// <summary>The command <c>hone</c> with all others below it.</summary>
    public static Command Root(Session session)
    {
        var version = new Option<bool>("--version") { Description = "Show the version" };
        var root = new Command(
            "hone",
            "Post-training for language models: supervised fine-tuning, reinforcement learning, generation and "
                + "evaluation.")
        {
            version,
            TrainCommand.Syntax(session),
            PlanCommand.Syntax(session),
            GenerateCommand.Syntax(session),
            ChatCommand.Syntax(session),
            ScoreCommand.Syntax(session),
            TokenizeCommand.Syntax(session),
            TokenizerCommand.Syntax(session),
            PullCommand.Syntax(session),
            CacheCommand.Syntax(session),
            ExportCommand.Syntax(session),
            EmbedCommand.Syntax(session),
            RecipesCommand.Syntax(session),
            DoctorCommand.Syntax(session),
            BenchSyntax.Of(session),
            DemoCommand.Syntax(session),
        };
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
