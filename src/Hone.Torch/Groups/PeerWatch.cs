using System.Diagnostics;

namespace Hone.Torch;

/// <summary>Tells the other ranks that this one lives, and knows which of them do.</summary>
/// <remarks>A thread of its own does it, so that a rank that computes for minutes is not taken for one that has ended.
/// Every rank writes one key of the rendezvous and reads those of the others.</remarks>
internal sealed class PeerWatch : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Lock _wire = new();
    private readonly Rendezvous _meeting;
    private readonly int _rank;
    private readonly Peer[] _peers;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _ended = new();
    private readonly CancellationTokenSource _stop = new();
    private PeerPulse _own = PeerPulse.None;
    private string _lost = "";
    private bool _isOver;

    public PeerWatch(Rendezvous meeting, int rank, int size)
    {
        (_meeting, _rank) = (meeting, rank);
        _peers = [.. Enumerable.Range(0, size).Select(_ => new Peer(PeerPulse.None, Stopwatch.GetTimestamp()))];
        _thread = new Thread(Work) { IsBackground = true, Name = "hone peers" };
        _thread.Start();
    }

    /// <summary>Is cancelled when any rank was asked to stop.</summary>
    public CancellationToken StopRequested => _stop.Token;

    /// <summary>Why the rendezvous cannot be reached any more; empty while it can.</summary>
    public string Lost
    {
        get
        {
            lock (_lock)
            {
                return _lost;
            }
        }
    }

    /// <summary>A collective operation begins.</summary>
    /// <returns>Its number, from 1.</returns>
    public long Begin()
    {
        lock (_lock)
        {
            _own = _own with { Operations = _own.Operations + 1 };
            return _own.Operations;
        }
    }

    /// <summary>Says at once how this rank is, unless it said something worse before.</summary>
    public void Say(PeerStatus status, string words)
    {
        lock (_lock)
        {
            if (status > _own.Status && _own.Status != PeerStatus.Failed)
            {
                _own = _own with { Status = status, Words = words };
            }
        }

        Tell();
    }

    /// <summary>The other ranks as they were last heard of, each with how long ago that was.</summary>
    public IReadOnlyList<(int Rank, PeerPulse Pulse, TimeSpan Silence)> Others()
    {
        lock (_lock)
        {
            return
            [
                .. _peers.Index()
                    .Where(peer => peer.Index != _rank)
                    .Select(peer => (peer.Index, peer.Item.Pulse, Stopwatch.GetElapsedTime(peer.Item.HeardAt))),
            ];
        }
    }

    public void Dispose()
    {
        Say(PeerStatus.Left, "");
        _ended.Set();
        _thread.Join();
        lock (_wire)
        {
            _isOver = true;
        }

        _ended.Dispose();
        _stop.Dispose();
    }

    private void Work()
    {
        do
        {
            Tell();
            Hear();
            StopIfAsked();
        }
        while (Lost.Length == 0 && !_ended.Wait(Interval));
    }

    private void Tell()
    {
        PeerPulse pulse;
        lock (_lock)
        {
            pulse = _own = _own with { Beat = _own.Beat + 1 };
        }

        Try(() => _meeting.Set(KeyOf(_rank), pulse.ToBytes()));
    }

    private void Hear()
    {
        for (var rank = 0; rank < _peers.Length && Lost.Length == 0; rank++)
        {
            var place = rank;
            if (rank != _rank)
            {
                Try(() => Hear(place));
            }
        }
    }

    private void Hear(int rank)
    {
        if (_meeting.Get(KeyOf(rank)) is not { } bytes)
        {
            return;
        }

        var pulse = PeerPulse.FromBytes(bytes);
        lock (_lock)
        {
            if (pulse != _peers[rank].Pulse)
            {
                _peers[rank] = new Peer(pulse, Stopwatch.GetTimestamp());
            }
        }
    }

    private void StopIfAsked()
    {
        bool isAsked;
        lock (_lock)
        {
            isAsked = _own.Status == PeerStatus.Stopping
                || _peers.Any(peer => peer.Pulse.Status == PeerStatus.Stopping);
        }

        if (isAsked)
        {
            _stop.Cancel();
        }
    }

    private void Try(Action call)
    {
        lock (_wire)
        {
            if (_isOver)
            {
                return;
            }

            try
            {
                call();
            }
            catch (TorchException fault)
            {
                lock (_lock)
                {
                    _lost = fault.Message.Split('\n')[0];
                }
            }
        }
    }

    private static string KeyOf(int rank) => $"pulse/{rank}";

    private readonly record struct Peer(PeerPulse Pulse, long HeardAt);
}
