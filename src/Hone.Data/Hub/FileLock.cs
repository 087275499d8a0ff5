namespace Hone.Data.Hub;

/// <summary>A file that one process at a time may hold: a lock that <c>huggingface_hub</c> honours too.</summary>
internal sealed class FileLock : IDisposable
{
    // EWOULDBLOCK of Linux and of BSD, and the sharing violation of Windows.
    private static readonly int[] InUse = [11, 35, unchecked((int)0x80070020)];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly FileStream _held;

    private FileLock(FileStream held) => _held = held;

    /// <summary>Waits until nobody holds the lock, and takes it.</summary>
    /// <param name="path">The file; made where it does not exist, and left there.</param>
    /// <param name="time">The clock.</param>
    /// <param name="waits">Is called once when it takes long.</param>
    /// <param name="cancel">Asks to stop.</param>
    public static async Task<FileLock> TakeAsync(string path, TimeProvider time, Action waits, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var began = time.GetTimestamp();
        var isTold = false;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                return new FileLock(
                    new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
            }
            catch (IOException fault) when (InUse.Contains(fault.HResult))
            {
                if (!isTold && time.GetElapsedTime(began) > Patience)
                {
                    isTold = true;
                    waits();
                }

                await Task.Delay(Pause, time, cancel);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();
}
