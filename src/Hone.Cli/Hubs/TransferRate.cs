namespace Hone.Cli.Hubs;

/// <summary>How fast bytes came lately.</summary>
/// <param name="window">How far back lately goes.</param>
internal sealed class TransferRate(TimeSpan window)
{
    private readonly Queue<(TimeSpan At, long Bytes)> _points = new();

    /// <summary>Bytes a second; 0 as long as nothing can be said.</summary>
    public double BytesPerSecond { get; private set; }

    /// <summary>Takes note of how many bytes are there.</summary>
    /// <param name="at">When, from any beginning.</param>
    /// <param name="bytes">All that are there by then.</param>
    public void Add(TimeSpan at, long bytes)
    {
        _points.Enqueue((at, bytes));
        while (_points.Count > 2 && at - _points.Peek().At > window)
        {
            _points.Dequeue();
        }

        var (first, before) = _points.Peek();
        BytesPerSecond = at > first ? Math.Max(0, bytes - before) / (at - first).TotalSeconds : 0;
    }
}
