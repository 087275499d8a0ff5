using System.Globalization;
using System.Text;

namespace Hone.Torch;

/// <summary>Holds, before the processes of a run are connected, that each of them is there once.</summary>
internal static class Attendance
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>Signs in and waits for the others.</summary>
    /// <exception cref="ProcessGroupException">One is missing, or there twice, or thinks of another number of
    /// ranks.</exception>
    public static void Take(Rendezvous meeting, ProcessGroupOptions options, CancellationToken cancel)
    {
        try
        {
            SignIn(meeting, options, cancel);
        }
        catch (TorchException fault)
        {
            throw new ProcessGroupException(
                $"rank 0: must keep the rendezvous at {meeting.Host}:{meeting.Port}, has ended "
                + $"({fault.Message.Split('\n')[0]}); see its own words");
        }
    }

    private static void SignIn(Rendezvous meeting, ProcessGroupOptions options, CancellationToken cancel)
    {
        var (rank, size) = (options.Rank, options.Size);
        if (meeting.Add($"count/{rank}", 1) > 1)
        {
            throw new ProcessGroupException(
                $"rank {rank}: must be one process, another one has come to {meeting.Host}:{meeting.Port} "
                + "with the same RANK; give each its own");
        }

        meeting.Set($"size/{rank}", Encoding.UTF8.GetBytes(size.ToString(CultureInfo.InvariantCulture)));
        var begun = TimeProvider.System.GetTimestamp();
        List<int> missing = [.. Enumerable.Range(0, size)];
        while (missing.Count > 0)
        {
            missing.RemoveAll(other => IsHere(meeting, other, rank, size));
            if (missing.Count > 0 && TimeProvider.System.GetElapsedTime(begun) > options.JoinLimit)
            {
                throw new ProcessGroupException(
                    $"rank {string.Join(", ", missing)} of {size}: must come to {meeting.Host}:{meeting.Port} within "
                    + $"{options.JoinLimit.TotalSeconds:0} s, has not; "
                    + $"start all {size} with the same MASTER_ADDR and MASTER_PORT");
            }

            cancel.ThrowIfCancellationRequested();
            if (missing.Count > 0)
            {
                cancel.WaitHandle.WaitOne(BetweenLooks);
            }
        }
    }

    private static bool IsHere(Rendezvous meeting, int other, int rank, int size)
    {
        if (meeting.Get($"size/{other}") is not { } bytes)
        {
            return false;
        }

        var found = Encoding.UTF8.GetString(bytes);
        return found == size.ToString(CultureInfo.InvariantCulture)
            ? true
            : throw new ProcessGroupException(
                $"rank {other}: must have the same WORLD_SIZE as rank {rank}, which has {size}, has {found}");
    }
}
