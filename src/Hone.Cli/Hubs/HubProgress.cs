using Hone.Cli.Writing;
using Hone.Data.Hub;

namespace Hone.Cli.Hubs;

/// <summary>Shows downloads on standard error: one line that moves where a person watches, else a line when one begins
/// and one when it ends.</summary>
internal sealed class HubProgress(Terminal terminal, TimeProvider time) : IHubObserver, IDisposable
{
    private const double LongestEstimate = 100 * 3600;

    private static readonly TimeSpan BetweenFrames = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly TransferRate _rate = new(TimeSpan.FromSeconds(8));
    private string _what = "";
    private long _total;
    private long _received;
    private long _present;
    private long _began;
    private TimeSpan _drawn;
    private int _shown;

    /// <inheritdoc/>
    public void Started(HubName name, int files, long bytes, long present)
    {
        lock (_lock)
        {
            _what = $"{name.Id}@{name.Revision[..Math.Min(7, name.Revision.Length)]}: {files} "
                + $"file{(files == 1 ? "" : "s")}";
            (_total, _received, _present) = (bytes, present, present);
            _began = time.GetTimestamp();
            _drawn = -BetweenFrames;
            if (!terminal.IsWatched)
            {
                var there = present > 0 ? $", {Quantity.Bytes(present)} of it there" : "";
                terminal.Errors.WriteLine($"downloading {_what}, {Quantity.Bytes(bytes)}{there}");
            }
        }
    }

    /// <inheritdoc/>
    public void Received(long bytes)
    {
        lock (_lock)
        {
            _received += bytes;
            var now = time.GetElapsedTime(_began);
            if (terminal.IsWatched && now - _drawn >= BetweenFrames)
            {
                _drawn = now;
                _rate.Add(now, _received);
                Draw(Line());
            }
        }
    }

    /// <inheritdoc/>
    public void Finished()
    {
        lock (_lock)
        {
            var seconds = Math.Max(time.GetElapsedTime(_began).TotalSeconds, 1e-3);
            var rate = Quantity.Bytes((long)((_received - _present) / seconds));
            Clear();
            terminal.Errors.WriteLine(
                $"downloaded {_what}, {Quantity.Bytes(_received)} in {Quantity.Duration(time.GetElapsedTime(_began))} "
                + $"({rate}/s)");
        }
    }

    /// <inheritdoc/>
    public void Noticed(string what)
    {
        lock (_lock)
        {
            Clear();
            terminal.Errors.WriteLine($"notice: {what}");
        }
    }

    /// <summary>Leaves the screen to others.</summary>
    public void Dispose() => Clear();

    private string Line()
    {
        var rate = _rate.BytesPerSecond;
        var seconds = rate > 0 ? (_total - _received) / rate : double.PositiveInfinity;
        var left = seconds < LongestEstimate ? Quantity.Duration(TimeSpan.FromSeconds(seconds)) : "?";
        return $"{_what}, {Quantity.Bytes(_received)} of {Quantity.Bytes(_total)}, {Quantity.Bytes((long)rate)}/s, "
            + $"{left} left";
    }

    private void Draw(string line)
    {
        var text = line.Length < terminal.Width ? line : line[..(terminal.Width - 1)];
        terminal.Errors.Write($"\r{text.PadRight(_shown)}");
        _shown = text.Length;
    }

    private void Clear()
    {
        if (_shown > 0)
        {
            terminal.Errors.Write($"\r{new string(' ', _shown)}\r");
            _shown = 0;
        }
    }
}
