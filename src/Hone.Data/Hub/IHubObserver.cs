namespace Hone.Data.Hub;

/// <summary>Is told how a download goes, by several threads.</summary>
public interface IHubObserver
{
    /// <summary>Files are about to be downloaded.</summary>
    /// <param name="name">The repository, at its commit.</param>
    /// <param name="files">How many files.</param>
    /// <param name="bytes">Their sizes together.</param>
    /// <param name="present">How much of that lies in the cache already, from downloads that were cut off.</param>
    public void Started(HubName name, int files, long bytes, long present);

    /// <summary>Bytes came; fewer than none when some must be fetched anew.</summary>
    public void Received(long bytes);

    /// <summary>All files of <see cref="Started"/> are there.</summary>
    public void Finished();

    /// <summary>Something takes longer than it should, or is not as asked for, in words.</summary>
    public void Noticed(string what);
}
