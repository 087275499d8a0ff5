namespace Hone.Data.Hub;

/// <summary>The body of an answer, read with a limit on how long it may stand still.</summary>
/// <param name="stream">The body.</param>
/// <param name="patience">The longest wait for the next bytes.</param>
/// <param name="place">What messages call it.</param>
internal sealed class HubBody(Stream stream, TimeSpan patience, string place) : IDisposable
{
    /// <summary>Reads what comes next.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="HubException">The connection broke, or stood still; the same may work later.</exception>
    public async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try
        {
            return await stream.ReadAsync(buffer, limit.Token);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            throw Broken($"must come whole, the connection broke: {fault.Message.TrimEnd('.')}", fault);
        }
        catch (OperationCanceledException fault) when (!cancel.IsCancellationRequested)
        {
            throw Broken($"must go on coming, nothing came for {patience.TotalSeconds:0.#} s", fault);
        }
    }

    /// <summary>Reads everything.</summary>
    /// <param name="most">The most bytes there may be.</param>
    /// <param name="cancel">Asks to stop.</param>
    /// <exception cref="HubException">There is more, or it does not come.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAllAsync(int most, CancellationToken cancel)
    {
        var bytes = new byte[1 << 16];
        var count = 0;
        while (await ReadAsync(bytes.AsMemory(count), cancel) is > 0 and var read)
        {
            count += read;
            if (count > most)
            {
                throw new HubException($"{place}: must answer with {most} bytes at most, sends more");
            }

            if (count == bytes.Length)
            {
                Array.Resize(ref bytes, bytes.Length * 2);
            }
        }

        return bytes.AsMemory(0, count);
    }

    private HubException Broken(string what, Exception cause) =>
        new($"{place}: {what}; try again", isTransient: true, cause) { IsBroken = true };

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
