using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>The processes that compute together, as one of them sees it: libtorch's Gloo between CPUs.</summary>
/// <remarks>
/// Every rank must call the same operations in the same order, from one thread. None waits for ever: where a rank ends,
/// fails, falls silent or lags too long, the operations of the others end with a <see cref="ProcessGroupException"/>
/// that names it. After that the group is of no more use.
/// </remarks>
public sealed unsafe class ProcessGroup : IDisposable
{
    private const int ShortMessage = 4096;

    private readonly Rendezvous _meeting;
    private readonly PeerWatch _watch;
    private readonly PeerJudge _judge;
    private nint _group;
    private int _underWay;
    private bool _failed;
    private bool _isDisposed;

    private ProcessGroup(Rendezvous meeting, ProcessGroupOptions options)
    {
        (Rank, Size, _meeting) = (options.Rank, options.Size, meeting);
        _watch = new PeerWatch(meeting, options.Rank, options.Size);
        _judge = new PeerJudge(_watch, options);
    }

    /// <summary>This process's number, from 0.</summary>
    public int Rank { get; }

    /// <summary>The number of processes.</summary>
    public int Size { get; }

    /// <summary>Is cancelled, within a second, when any rank calls <see cref="RequestStop"/>.</summary>
    public CancellationToken StopRequested => _watch.StopRequested;

    internal nint Handle => _group != 0 ? _group : throw new ObjectDisposedException(nameof(ProcessGroup));

    /// <summary>Comes together with the other processes.</summary>
    /// <param name="meeting">Where they meet; the group owns it from now on.</param>
    /// <param name="options">This process's place.</param>
    /// <param name="cancel">Calls it off.</param>
    /// <exception cref="ProcessGroupException">Not all have come in time, or they disagree on who takes
    /// part.</exception>
    public static ProcessGroup Join(Rendezvous meeting, ProcessGroupOptions options, CancellationToken cancel)
    {
        try
        {
            Attendance.Take(meeting, options, cancel);
        }
        catch
        {
            meeting.Dispose();
            throw;
        }

        var group = new ProcessGroup(meeting, options);
        try
        {
            group.Connect(options);
            return group;
        }
        catch
        {
            group.Dispose();
            throw;
        }
    }

    /// <summary>Lets every rank know that all should stop in good order. May be called from any thread.</summary>
    public void RequestStop() => _watch.Say(PeerStatus.Stopping, "");

    /// <summary>Tells the other ranks why this one cannot go on; they fail with these words.</summary>
    /// <param name="words">What went wrong, in one line.</param>
    public void ReportFailure(string words)
    {
        _failed = true;
        _watch.Say(PeerStatus.Failed, words);
    }

    /// <summary>Begins to sum a tensor over all ranks, in place; it must be left alone until the sum is waited
    /// for.</summary>
    /// <param name="tensor">Floating-point numbers on the CPU, of one shape and dtype on all ranks. Half precisions are
    /// added up in float32 and rounded once. The order of the addition is fixed.</param>
    public PendingOperation StartSum(Tensor tensor)
    {
        Door.Check(Door.hone_group_sum(Handle, tensor.Handle, out var work));
        return new PendingOperation(this, "sum", work, tensor);
    }

    /// <summary>Sums a tensor over all ranks, in place.</summary>
    /// <inheritdoc cref="StartSum" path="/param"/>
    public void Sum(Tensor tensor) => StartSum(tensor).Wait();

    /// <summary>Overwrites a tensor by that of rank <paramref name="root"/>.</summary>
    /// <param name="tensor">On the CPU, of one shape and dtype on all ranks.</param>
    /// <param name="root">The rank whose elements all get.</param>
    public void Broadcast(Tensor tensor, int root)
    {
        Door.Check(Door.hone_group_broadcast(Handle, tensor.Handle, root, out var work));
        new PendingOperation(this, "broadcast", work, tensor).Wait();
    }

    /// <summary>The bytes of every rank, in the order of ranks; they may be of different lengths.</summary>
    public byte[][] Gather(ReadOnlySpan<byte> bytes) => Gather(bytes, "gather");

    /// <summary>The same, for a purpose that has a name.</summary>
    internal byte[][] Gather(ReadOnlySpan<byte> bytes, string what)
    {
        // Most messages are short: they go with their length in one block of fixed size, longer ones in a second round.
        const int head = sizeof(int);
        var first = new byte[ShortMessage];
        BitConverter.TryWriteBytes(first, bytes.Length);
        bytes[..Math.Min(bytes.Length, ShortMessage - head)].CopyTo(first.AsSpan(head));
        var all = GatherBlocks(first, what);
        int[] lengths = [.. Enumerable.Range(0, Size).Select(rank => BitConverter.ToInt32(all, rank * ShortMessage))];
        if (lengths.All(length => length <= ShortMessage - head))
        {
            return [.. lengths.Select((length, rank) => all.AsSpan((rank * ShortMessage) + head, length).ToArray())];
        }

        var longest = lengths.Max();
        var second = new byte[longest];
        bytes.CopyTo(second);
        all = GatherBlocks(second, what);
        return [.. lengths.Select((length, rank) => all.AsSpan(checked(rank * longest), length).ToArray())];
    }

    /// <summary>Waits until every rank has come here.</summary>
    public void Barrier()
    {
        Door.Check(Door.hone_group_barrier(Handle, out var work));
        new PendingOperation(this, "barrier", work, null).Wait();
    }

    /// <summary>Leaves the others. What is under way, or has failed, is left behind until the process ends.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (_failed)
        {
            // Rank 0 takes the rendezvous with it: time for the others to read why.
            Thread.Sleep(3 * PeerWatch.Interval);
        }

        if (_underWay == 0 && !_failed && _group != 0)
        {
            // Gloo would wait here for what can no longer be done.
            Door.hone_group_leave(_group);
        }

        _group = 0;
        _watch.Dispose();
        _meeting.Dispose();
    }

    /// <summary>Counts an operation as begun, until <see cref="Await"/> has seen its end.</summary>
    /// <returns>Its number.</returns>
    internal long Begin()
    {
        _underWay++;
        return _watch.Begin();
    }

    /// <summary>Counts a piece of work that goes on behind the caller's back as under way.</summary>
    internal void Hold() => _underWay++;

    /// <summary>Says that such a piece is done.</summary>
    internal void Release() => _underWay--;

    /// <summary>Waits for an operation, and looks after the other ranks meanwhile.</summary>
    /// <param name="what">Its name and number.</param>
    /// <param name="isDone">Waits for it, at most the milliseconds given.</param>
    internal void Await(string what, Func<long, bool> isDone)
    {
        const long slice = 250;
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            while (!isDone(slice))
            {
                _judge.Require(what, TimeProvider.System.GetElapsedTime(begun));
            }

            _underWay--;
        }
        catch (Exception fault) when (fault is TorchException or ProcessGroupException)
        {
            var verdict = fault as ProcessGroupException ?? _judge.Explain(what, fault.Message);
            ReportFailure(verdict.Message);
            throw verdict;
        }
    }

    /// <summary>Connects each rank with each. Gloo does that in one call, so another thread makes it: a rank that ends
    /// meanwhile must be noticed.</summary>
    private void Connect(ProcessGroupOptions options)
    {
        // Gloo's own limit comes after ours, whose words are better.
        var limit = (long)(options.OperationLimit + TimeSpan.FromMinutes(1)).TotalMilliseconds;
        var connecting = Task.Run(() =>
        {
            Door.Check(Door.hone_group_join(
                _meeting.Handle, Rank, Size, options.Interface, _meeting.LocalAddress, limit, out var group));
            return group;
        });
        Await($"connect {Begin()}", slice =>
            Task.WaitAny([connecting], (int)slice) == 0 && connecting.GetAwaiter().GetResult() != 0);
        _group = connecting.GetAwaiter().GetResult();
    }

    private byte[] GatherBlocks(byte[] block, string what)
    {
        var all = GC.AllocateUninitializedArray<byte>(checked(Size * block.Length), pinned: true);
        var own = GC.AllocateUninitializedArray<byte>(block.Length, pinned: true);
        block.CopyTo(own, 0);
        fixed (byte* bytes = own)
        fixed (byte* everything = all)
        {
            Door.Check(Door.hone_group_gather(Handle, bytes, own.Length, everything, out var work));
            new PendingOperation(this, what, work, null).Wait();
        }

        GC.KeepAlive(own);
        return all;
    }
}
