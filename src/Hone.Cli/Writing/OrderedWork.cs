using System.Runtime.ExceptionServices;

namespace Hone.Cli.Writing;

/// <summary>Does the same to many items on all processors, and hands on the results in order.</summary>
internal static class OrderedWork
{
    private const int ItemsAtOnce = 512;

    /// <summary>Works on items as they are read. What comes before a fault is handed on before the fault is
    /// thrown.</summary>
    /// <param name="items">The items; read by one thread.</param>
    /// <param name="work">What to do with each; called by several threads.</param>
    /// <param name="take">Gets the results, in the order of the items.</param>
    public static void Run<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, TResult> work, Action<TResult> take)
    {
        using var source = items.GetEnumerator();
        while (true)
        {
            var (chunk, fault) = Read(source);
            var results = new TResult[chunk.Count];
            var faults = new ExceptionDispatchInfo?[chunk.Count];
            Parallel.For(0, chunk.Count, (index, loop) =>
            {
                try
                {
                    results[index] = work(chunk[index]);
                }
                catch (Exception problem)
                {
                    faults[index] = ExceptionDispatchInfo.Capture(problem);
                    loop.Break();
                }
            });
            for (var index = 0; index < chunk.Count; index++)
            {
                faults[index]?.Throw();
                take(results[index]);
            }

            fault?.Throw();
            if (chunk.Count < ItemsAtOnce)
            {
                return;
            }
        }
    }

    private static (List<TItem> Chunk, ExceptionDispatchInfo? Fault) Read<TItem>(IEnumerator<TItem> source)
    {
        List<TItem> chunk = [];
        try
        {
            while (chunk.Count < ItemsAtOnce && source.MoveNext())
            {
                chunk.Add(source.Current);
            }

            return (chunk, null);
        }
        catch (Exception problem)
        {
            return (chunk, ExceptionDispatchInfo.Capture(problem));
        }
    }
}
