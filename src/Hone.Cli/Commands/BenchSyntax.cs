using System.CommandLine;
using Hone.Benchmarks.Models;
using Hone.Cli.Benchmarking;
using Hone.Cli.Syntax;
using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary>The words of <c>hone bench</c>.</summary>
internal static class BenchSyntax
{
    /// <summary>The command's words.</summary>
    public static Command Of(Session session)
    {
        var names = new Argument<string[]>("NAME")
        {
            Description =
                "Works of `hone bench ls`; a beginning such as P1 or P4/L110M stands for all that go on from it",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var quick = new Option<bool>("--quick") { Description = "Few repetitions: ten minutes on two cores" };
        var all = new Option<bool>("--all")
        {
            Description = "Also the works that are not worth their time on this processor",
        };
        var threads = NumberOption.Of("--threads", "N", "Threads that compute", Environment.ProcessorCount, least: 1);
        var clock = ChoiceOption.Of(
            "--clock",
            "What is counted; CPU seconds with one thread where other programs compute as well",
            standard: "wall",
            "wall",
            "cpu");
        var peers = new Option<string?>("--peers")
        {
            HelpName = "DIR",
            Description =
                "The working folder of bench/peers/run_all.sh; models there are taken instead of our own, and losses "
                + "compared. By default ~/.cache/hone-peers",
        };
        var work = new Option<string?>("--work")
        {
            HelpName = "DIR",
            Description = "Where models of random weights are kept, 2.2 GB in all. By default ~/.cache/hone-bench",
        };
        var json = CommonOptions.Json("one object a measurement, as bench/peers/README.md defines it,");
        var here = new Option<string?>("--here") { Hidden = true };
        var beside = new Option<string[]>("--beside") { Hidden = true };
        var command = new Command(
            "bench",
            "Measure speed and memory: the machine first, then works of training, decoding and tokenizing, each in a "
                + "process of its own.")
        {
            names, quick, all, threads, clock, peers, work, json, here, beside,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(here) is null && parsed.GetValue(peers) is { } given && !Directory.Exists(given))
            {
                throw new OptionsException(
                    $"--peers: {given}: must be the working folder of bench/peers/run_all.sh, there is no such folder; "
                        + "check the path");
            }

            var round = new BenchRound
            {
                Names = parsed.GetValue(names) ?? [],
                IsQuick = parsed.GetValue(quick),
                IsEverything = parsed.GetValue(all),
                Threads = parsed.GetValue(threads),
                CountsCpuTime = parsed.GetValue(clock) == "cpu",
                PeersFolder = Path.GetFullPath(parsed.GetValue(peers) ?? ModelStore.UsualPeersFolder),
                WorkFolder = Path.GetFullPath(parsed.GetValue(work) ?? ModelStore.UsualOwnFolder),
            };
            var run = new BenchCommand(session);
            return (int)(parsed.GetValue(here) is { } scratch
                ? run.RunHere(round, scratch, parsed.GetValue(beside) ?? [])
                : run.Run(round, parsed.GetValue(json)));
        });
        command.Add(List(session));
        command.Add(Table(session));
        command.Teach(
            session.Terminal,
            "hone bench --quick",
            "hone bench limits --json",
            "hone bench P1/L15M P4 --json > lines.jsonl",
            "hone bench table lines.jsonl --into docs/performance.md");
        return command;
    }

    private static Command List(Session session)
    {
        var json = CommonOptions.Json("one object a work");
        var command = new Command(
            "ls", "List the works, and in which round each is done: quick, full, or only by name.") { json };
        command.SetAction(parsed => (int)new BenchCommand(session).List(parsed.GetValue(json)));
        command.Teach(session.Terminal, "hone bench ls");
        return command;
    }

    private static Command Table(Session session)
    {
        var lines = new Argument<string>("LINES") { Description = "What `hone bench --json` wrote" };
        var peers = new Option<string?>("--peers")
        {
            HelpName = "FILE",
            Description =
                "What bench/peers/run_all.sh wrote; by default the lines that come with hone, where the processor is "
                    + "the same",
        };
        var into = new Option<string?>("--into")
        {
            HelpName = "FILE",
            Description = "A document with the marks between which the tables go",
        };
        var command =
            new Command("table", "Make tables of Markdown of lines that were measured before.") { lines, peers, into };
        command.SetAction(parsed =>
            (int)new BenchCommand(session).Table(
                parsed.GetRequiredValue(lines), parsed.GetValue(peers), parsed.GetValue(into)));
        command.Teach(session.Terminal, "hone bench table lines.jsonl",
            "hone bench table lines.jsonl --into docs/performance.md");
        return command;
    }
}
