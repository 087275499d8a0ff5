using System.Globalization;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Training.Ranks;

/// <summary>A process's place among those that train together, as torchrun's environment variables say it.</summary>
/// <param name="Rank">This process's number, from 0 (<c>RANK</c>).</param>
/// <param name="Count">The number of processes (<c>WORLD_SIZE</c>).</param>
/// <param name="Host">The machine of rank 0 (<c>MASTER_ADDR</c>).</param>
/// <param name="Port">The TCP port where they meet (<c>MASTER_PORT</c>).</param>
public sealed record RankPlace(int Rank, int Count, string Host, int Port)
{
    /// <summary>What the keys of this run begin with, where its launcher keeps the rendezvous for several
    /// attempts.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Whether the launcher keeps the rendezvous (<c>TORCHELASTIC_USE_AGENT_STORE</c>); else rank 0
    /// does.</summary>
    public bool IsKeptByLauncher { get; init; }

    /// <summary>The network interface for tensors (<c>GLOO_SOCKET_IFNAME</c>); empty for the one that reaches the
    /// rendezvous.</summary>
    public string Interface { get; init; } = "";

    /// <summary>Whether the environment gives a process a place.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    public static bool IsGiven(Func<string, string?> variable) =>
        variable("RANK") is { Length: > 0 } && variable("WORLD_SIZE") is { Length: > 0 };

    /// <summary>The place that the environment gives.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="OptionsException">A variable is missing or does not fit.</exception>
    public static RankPlace Of(Func<string, string?> variable)
    {
        List<string> problems = [];
        var count = Number("WORLD_SIZE", 1, 4096);
        var rank = Number("RANK", 0, Math.Max(0, count - 1));
        var port = Number("MASTER_PORT", 1, 65535);
        var host = variable("MASTER_ADDR") ?? "";
        if (host.Length == 0)
        {
            problems.Add("MASTER_ADDR: must name the machine of rank 0, is not set");
        }

        if (problems is [_, ..])
        {
            throw OptionsException.Of(problems);
        }

        var isKept = variable("TORCHELASTIC_USE_AGENT_STORE") is "True" or "1";
        return new RankPlace(rank, count, host, port)
        {
            IsKeptByLauncher = isKept,
            Prefix = isKept ? $"/worker/attempt_{variable("TORCHELASTIC_RESTART_COUNT") ?? "0"}" : "",
            Interface = variable("GLOO_SOCKET_IFNAME") ?? "",
        };

        int Number(string name, int least, int most)
        {
            var text = variable(name);
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most)
            {
                return number;
            }

            var found = text is { Length: > 0 } ? $"got {text}" : "is not set";
            problems.Add($"{name}: must be a whole number from {least} to {most}, {found}");
            return least;
        }
    }

    /// <summary>Comes together with the other processes.</summary>
    /// <param name="cancel">Calls it off.</param>
    /// <exception cref="ProcessGroupException">Not all have come in time, or they disagree.</exception>
    public ProcessGroup Join(CancellationToken cancel)
    {
        var options = new ProcessGroupOptions { Rank = Rank, Size = Count, Interface = Interface };
        var meeting = Rank == 0 && !IsKeptByLauncher
            ? Rendezvous.Open(Host, Port, Prefix)
            : Rendezvous.Reach(Host, Port, options.JoinLimit, Prefix, cancel);
        return ProcessGroup.Join(meeting, options, cancel);
    }
}
