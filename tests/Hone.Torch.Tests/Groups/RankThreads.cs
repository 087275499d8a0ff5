using System.Runtime.ExceptionServices;

namespace Hone.Torch.Tests.Groups;

/// <summary>Ranks as threads of this process: quick, and no different to Gloo.</summary>
internal static class RankThreads
{
    /// <summary>Runs the same work on every rank and returns what each gave.</summary>
    public static T[] Run<T>(int size, Func<ProcessGroup, T> work, Func<int, ProcessGroupOptions>? options = null)
    {
        var meetings = new Rendezvous[size];
        meetings[0] = Rendezvous.Open("127.0.0.1", 0);
        for (var rank = 1; rank < size; rank++)
        {
            meetings[rank] = Rendezvous.Reach(
                "127.0.0.1", meetings[0].Port, TimeSpan.FromSeconds(5), "", CancellationToken.None);
        }

        return Run(size, rank =>
        {
            ComputeThread.Configure(1);
            var place = options?.Invoke(rank) ?? new ProcessGroupOptions { Rank = rank, Size = size };
            using var group = ProcessGroup.Join(meetings[rank], place, CancellationToken.None);
            return work(group);
        });
    }

    /// <summary>Runs work on threads and returns what each gave; throws what the first threw.</summary>
    public static T[] Run<T>(int count, Func<int, T> work)
    {
        var (results, faults) = (new T[count], new ExceptionDispatchInfo?[count]);
        var threads = Enumerable.Range(0, count).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = work(rank);
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
}
