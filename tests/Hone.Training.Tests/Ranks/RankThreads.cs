using System.Runtime.ExceptionServices;
using Hone.Torch;
using Hone.Training.Ranks;

namespace Hone.Training.Tests.Ranks;

/// <summary>Ranks as threads of this process: quick, and no different to Gloo.</summary>
internal static class RankThreads
{
    /// <summary>Runs the same work on every rank, alone where there is one, and returns what each gave.</summary>
    /// <param name="count">Ranks.</param>
    /// <param name="work">The work.</param>
    /// <param name="shareMemory">Whether gradients are summed in memory that all map; else they are sent.</param>
    public static T[] Run<T>(int count, Func<IRanks, T> work, bool shareMemory = true)
    {
        if (count == 1)
        {
            return [work(new LoneRank())];
        }

        var meetings = new Rendezvous[count];
        meetings[0] = Rendezvous.Open("127.0.0.1", 0);
        for (var rank = 1; rank < count; rank++)
        {
            var limit = TimeSpan.FromSeconds(10);
            meetings[rank] = Rendezvous.Reach("127.0.0.1", meetings[0].Port, limit, "", CancellationToken.None);
        }

        var (results, faults) = (new T[count], new ExceptionDispatchInfo?[count]);
        var threads = Enumerable.Range(0, count).Select(rank => new Thread(() =>
        {
            try
            {
                ComputeThread.Configure(1);
                var place = new ProcessGroupOptions { Rank = rank, Size = count };
                using var group = ProcessGroup.Join(meetings[rank], place, CancellationToken.None);
                results[rank] = Reporting(group, work, shareMemory);
            }
            catch (Exception fault)
            {
                faults[rank] = ExceptionDispatchInfo.Capture(fault);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        faults.FirstOrDefault(fault => fault is not null)?.Throw();
        return results;
    }

    private static T Reporting<T>(ProcessGroup group, Func<IRanks, T> work, bool shareMemory)
    {
        try
        {
            return work(new JoinedRanks(group, shareMemory));
        }
        catch (Exception fault)
        {
            group.ReportFailure($"rank {group.Rank}: {fault.Message}");
            throw;
        }
    }
}
