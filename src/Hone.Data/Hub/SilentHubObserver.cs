namespace Hone.Data.Hub;

/// <summary>Takes no notice.</summary>
public sealed class SilentHubObserver : IHubObserver
{
    /// <inheritdoc/>
    public void Started(HubName name, int files, long bytes, long present)
    {
    }

    /// <inheritdoc/>
    public void Received(long bytes)
    {
    }

    /// <inheritdoc/>
    public void Finished()
    {
    }

    /// <inheritdoc/>
    public void Noticed(string what)
    {
    }
}
