using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>The one thread of a process that talks to libtorch.</summary>
/// <remarks>Each thread that calls an operator would get an OpenMP team of its own, and the teams would fight for the
/// cores.</remarks>
public sealed class ComputeThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    /// <summary>Starts the thread. libtorch is loaded at the first piece of work that needs it.</summary>
    public ComputeThread()
    {
        _thread = new Thread(Work, 16 << 20) { IsBackground = true, Name = "hone compute" };
        _thread.Start();
    }

    /// <summary>Sets the number of threads that operators called from the current thread use, and flushes denormals on
    /// all of them.</summary>
    /// <param name="threads">At least 1.</param>
    public static void Configure(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Door.Check(Door.hone_thread_initialize(threads));
    }

    /// <summary>Runs a piece of work on the thread and waits for it; its exception is thrown here.</summary>
    public T Run<T>(Func<T> work)
    {
        if (Thread.CurrentThread == _thread)
        {
            return work();
        }

        T result = default!;
        ExceptionDispatchInfo? failure = null;
        using var done = new ManualResetEventSlim();
        _work.Add(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }

            done.Set();
        });
        done.Wait();
        failure?.Throw();
        return result;
    }

    /// <summary>Ends the thread after the work that is queued.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Work()
    {
        foreach (var piece in _work.GetConsumingEnumerable())
        {
            piece();
        }
    }
}
