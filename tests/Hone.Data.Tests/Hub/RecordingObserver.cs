using Hone.Data.Hub;

namespace Hone.Data.Tests.Hub;

/// <summary>Remembers what it is told.</summary>
internal sealed class RecordingObserver : IHubObserver
{
    private readonly Lock _lock = new();

    public List<string> Events { get; } = [];

    public long Bytes { get; private set; }

    public void Started(HubName name, int files, long bytes, long present)
    {
        Add($"{name}: {files} files, {bytes} bytes, {present} there");
        Bytes = present;
    }

    public void Received(long bytes)
    {
        lock (_lock)
        {
            Bytes += bytes;
        }
    }

    public void Finished() => Add($"finished with {Bytes}");

    public void Noticed(string what) => Add(what);

    private void Add(string what)
    {
        lock (_lock)
        {
            Events.Add(what);
        }
    }
}
