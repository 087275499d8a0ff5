using System.Globalization;

namespace Hone.Torch;

/// <summary>Says in words which rank holds the others up.</summary>
internal sealed class PeerJudge(PeerWatch watch, ProcessGroupOptions options)
{
    private const string Advice = "see its own words; hone train --resume goes on from the last checkpoint";

    /// <summary>How long to look for the reason of a broken connection.</summary>
    private static readonly TimeSpan InquiryLimit = TimeSpan.FromSeconds(20);

    /// <summary>The silence after which a rank whose connection broke counts as ended.</summary>
    private static readonly TimeSpan SilenceOfTheDead = 6 * PeerWatch.Interval;

    /// <summary>Holds that an operation may go on waiting.</summary>
    /// <exception cref="ProcessGroupException">A rank that it waits for will not come.</exception>
    public void Require(string what, TimeSpan waited)
    {
        if (Verdict(what, options.SilenceLimit) is { } words)
        {
            throw new ProcessGroupException(words);
        }

        if (waited > options.OperationLimit)
        {
            throw new ProcessGroupException(Behind(what, waited));
        }
    }

    /// <summary>Finds out why an operation failed.</summary>
    public ProcessGroupException Explain(string what, string fault)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < InquiryLimit)
        {
            if (Verdict(what, SilenceOfTheDead) is { } words)
            {
                return new ProcessGroupException(words);
            }

            Thread.Sleep(PeerWatch.Interval / 5);
        }

        return new ProcessGroupException(
            $"rank {options.Rank}: {what}: the connection to the other {options.Size - 1} ranks must hold, it broke: "
            + $"{fault.Split('\n')[0]}; {Advice}");
    }

    private string? Verdict(string what, TimeSpan silence)
    {
        foreach (var (rank, pulse, heard) in watch.Others())
        {
            switch (pulse.Status)
            {
                case PeerStatus.Failed:
                    return pulse.Words;
                case PeerStatus.Left:
                    return $"rank {rank} of {options.Size}: must take part in {what}, has left the run; {Advice}";
                case PeerStatus.Working or PeerStatus.Stopping when heard > silence && watch.Lost.Length == 0:
                    return $"rank {rank} of {options.Size}: must take part in {what}, has given no sign of life for "
                        + $"{Seconds(heard)} s; {Advice}";
            }
        }

        return watch.Lost.Length > 0 && options.Rank != 0
            ? $"rank 0 of {options.Size}: must keep the rendezvous until all have left, has ended ({watch.Lost}); "
                + Advice
            : null;
    }

    /// <summary>All live, but some have not come so far.</summary>
    private string Behind(string what, TimeSpan waited)
    {
        var own = long.Parse(what.Split(' ')[^1], CultureInfo.InvariantCulture);
        var behind = watch.Others().Where(other => other.Pulse.Operations < own).ToList();
        var late = behind.Count == 0 ? watch.Others() : behind;
        var ranks = string.Join(", ", late.Select(other => other.Rank));
        var places = string.Join(", ", late.Select(other => other.Pulse.Operations));
        return $"rank {ranks} of {options.Size}: must come to {what} within {Seconds(waited)} s, "
            + $"is at operation {places}; {Advice}";
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
