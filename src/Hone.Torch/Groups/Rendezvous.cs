using System.Net.Sockets;
using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>Where the processes of a run find each other: a store of keys that one of them keeps and the others reach
/// over TCP.</summary>
/// <remarks>It listens on every network interface of its machine and asks for no password: use it in networks that are
/// trusted.</remarks>
public sealed unsafe class Rendezvous : IDisposable
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private nint _store;

    private Rendezvous(nint store, string host, int port, string localAddress)
    {
        _store = store;
        (Host, Port, LocalAddress) = (host, port, localAddress);
    }

    /// <summary>The machine that keeps the keys.</summary>
    public string Host { get; }

    /// <summary>The TCP port it listens on.</summary>
    public int Port { get; }

    /// <summary>Whether this build can do it at all; it needs Gloo's headers when it is compiled.</summary>
    public static bool IsAvailable => Door.hone_has_process_groups() != 0;

    /// <summary>The address under which the other processes reach this machine.</summary>
    internal string LocalAddress { get; }

    /// <summary>Keeps the keys in this process.</summary>
    /// <param name="host">This machine's name or address, as the others know it.</param>
    /// <param name="port">The TCP port; 0 takes a free one.</param>
    /// <param name="prefix">What all keys begin with, where several runs share a store.</param>
    /// <exception cref="ProcessGroupException">The port is taken.</exception>
    public static Rendezvous Open(string host, int port, string prefix = "")
    {
        if (port != 0 && !IsFree(port))
        {
            throw new ProcessGroupException(
                $"{host}:{port}: the port must be free on this machine, another program listens on it; "
                + "take another MASTER_PORT");
        }

        var limit = (long)CallLimit.TotalMilliseconds;
        Door.Check(Door.hone_store_open(host, port, 1, limit, prefix, out var store, out var bound));
        using var probe = new TcpClient(host, bound);
        return new Rendezvous(store, host, bound, Address(probe));
    }

    /// <summary>Reaches the keys that another process keeps, waiting until it is there.</summary>
    /// <param name="host">The other machine's name or address.</param>
    /// <param name="port">Its TCP port.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="prefix">What all keys begin with.</param>
    /// <param name="cancel">Calls it off.</param>
    /// <exception cref="ProcessGroupException">Nobody listens there.</exception>
    public static Rendezvous Reach(string host, int port, TimeSpan limit, string prefix, CancellationToken cancel)
    {
        var local = WaitForListener(host, port, limit, cancel);
        var callLimit = (long)CallLimit.TotalMilliseconds;
        Door.Check(Door.hone_store_open(host, port, 0, callLimit, prefix, out var store, out _));
        return new Rendezvous(store, host, port, local);
    }

    /// <summary>Closes the connection, or the store where it is kept here.</summary>
    public void Dispose()
    {
        if (_store != 0)
        {
            Door.hone_store_close(_store);
            _store = 0;
        }
    }

    internal nint Handle => _store != 0 ? _store : throw new ObjectDisposedException(nameof(Rendezvous));

    internal void Set(string key, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value)
        {
            Door.Check(Door.hone_store_set(Handle, key, bytes, value.Length));
        }
    }

    /// <summary>The value of a key; null where nobody has set it.</summary>
    internal byte[]? Get(string key)
    {
        var value = new byte[256];
        while (true)
        {
            int length;
            fixed (byte* bytes = value)
            {
                Door.Check(Door.hone_store_get(Handle, key, bytes, value.Length, out length));
            }

            if (length <= value.Length)
            {
                return length < 0 ? null : value[..length];
            }

            value = new byte[length];
        }
    }

    /// <summary>Adds to a number that begins at 0.</summary>
    internal long Add(string key, long delta)
    {
        Door.Check(Door.hone_store_add(Handle, key, delta, out var value));
        return value;
    }

    private static string WaitForListener(string host, int port, TimeSpan limit, CancellationToken cancel)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using var probe = new TcpClient(host, port);
                return Address(probe);
            }
            catch (SocketException fault) when (TimeProvider.System.GetElapsedTime(deadline) >= limit)
            {
                throw new ProcessGroupException(
                    $"{host}:{port}: rank 0 must listen there, nobody has for {limit.TotalSeconds:0} s "
                    + $"({fault.Message}); start it with the same MASTER_ADDR and MASTER_PORT");
            }
            catch (SocketException)
            {
                cancel.WaitHandle.WaitOne(BetweenTries);
                cancel.ThrowIfCancellationRequested();
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(System.Net.IPAddress.Any, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Address(TcpClient probe)
    {
        var address = ((System.Net.IPEndPoint)probe.Client.LocalEndPoint!).Address;
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }
}
