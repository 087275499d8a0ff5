using System.Text;
using Hone.Torch;

namespace Hone.Training.Ranks;

/// <summary>What a run does in common with the other ranks: divided work, and decisions that all must make
/// alike.</summary>
/// <remarks>
/// A rank may be asked to stop at any time, but leaves only where all leave: each message says whether its sender wants
/// to, and when one does, all throw at this message.
/// </remarks>
/// <param name="ranks">The ranks.</param>
public sealed class RankTeam(IRanks ranks)
{
    /// <summary>This process's number, from 0.</summary>
    public int Rank => ranks.Rank;

    /// <summary>The number of processes.</summary>
    public int Count => ranks.Count;

    /// <summary>Whether all ranks have agreed to stop.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>Throws on every rank when any is asked to stop.</summary>
    /// <exception cref="OperationCanceledException">All stop here.</exception>
    public void StopIfAsked(CancellationToken cancel) => Exchange(_ => { }, _ => 0, cancel);

    /// <summary>Computes something for each piece of a list, each rank for its share, and gives all of it to every
    /// rank.</summary>
    /// <param name="shares">The pieces of each rank by index; each piece is in one share.</param>
    /// <param name="compute">Gives one result for each piece of the share.</param>
    /// <param name="write">Writes a result.</param>
    /// <param name="read">Reads a result.</param>
    /// <param name="cancel">Asks to stop.</param>
    /// <returns>The results in the order of the pieces.</returns>
    /// <exception cref="OperationCanceledException">All stop here.</exception>
    public T[] Divide<T>(
        int[][] shares,
        Func<int[], IReadOnlyList<T>> compute,
        Action<BinaryWriter, T> write,
        Func<BinaryReader, T> read,
        CancellationToken cancel)
    {
        IReadOnlyList<T> own = [];
        try
        {
            own = compute(shares[Rank]);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested && Count > 1)
        {
            // The others learn of it from the message, and all stop together.
        }

        if (Count == 1)
        {
            cancel.ThrowIfCancellationRequested();
            return [.. own];
        }

        var parts = Exchange(
            writer =>
            {
                foreach (var result in own)
                {
                    write(writer, result);
                }
            },
            reader => reader,
            cancel);
        var all = new T[shares.Sum(share => share.Length)];
        foreach (var (rank, share) in shares.Index())
        {
            foreach (var piece in share)
            {
                all[piece] = read(parts[rank]);
            }
        }

        return all;
    }

    /// <summary>What all ranks' parts of an update give together.</summary>
    /// <exception cref="OperationCanceledException">All stop here.</exception>
    internal UpdatePart Merge(UpdatePart own, CancellationToken cancel) => Count == 1
        ? own
        : UpdatePart.Sum(Exchange(own.Write, UpdatePart.Read, cancel));

    /// <summary>Overwrites tensors by those of rank 0.</summary>
    public void Share(IEnumerable<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            ranks.Share(tensor);
        }
    }

    /// <summary>The texts of all ranks, in their order.</summary>
    public string[] Gather(string own) => [.. Gather(Encoding.UTF8.GetBytes(own)).Select(Encoding.UTF8.GetString)];

    /// <summary>The bytes of all ranks, in their order.</summary>
    public byte[][] Gather(byte[] own) => ranks.Gather(own);

    private T[] Exchange<T>(Action<BinaryWriter> write, Func<BinaryReader, T> read, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        var isAsked = cancel.IsCancellationRequested;
        writer.Write(isAsked);
        if (!isAsked)
        {
            write(writer);
        }

        writer.Flush();
        BinaryReader[] all = [.. ranks.Gather(bytes.ToArray()).Select(own => new BinaryReader(new MemoryStream(own)))];
        bool[] areAsked = [.. all.Select(reader => reader.ReadBoolean())];
        if (areAsked.Contains(true))
        {
            HasStopped = true;
            throw new OperationCanceledException("a rank was asked to stop", cancel);
        }

        return [.. all.Select(read)];
    }
}
