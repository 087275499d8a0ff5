using System.Buffers;
using System.Net;

namespace Hone.Data.Hub;

/// <summary>Brings the content of one file into the cache: under a lock, on from where a download was cut off, checked
/// by size and hash, renamed into place.</summary>
internal sealed class BlobDownload(
    HubClient client, HubCache cache, HubOptions options, TimeProvider time, IHubObserver observer)
{
    private const int BlockSize = 1 << 20;

    /// <summary>Downloads a file, unless another process has done so meanwhile.</summary>
    /// <returns>The path of the content.</returns>
    /// <exception cref="HubException">The content does not come, or is not what the hub said it is.</exception>
    public async Task<string> FetchAsync(HubFile file, CancellationToken cancel)
    {
        var path = cache.Blob(file.Name, file.Hash);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var there = cache.PartLength(file.Name, file.Hash);
        using var held = await FileLock.TakeAsync(
            cache.Lock(file.Name, file.Hash), time, () => observer.Noticed($"{file}: another process downloads it; "
                + "waiting"), cancel);
        if (File.Exists(path))
        {
            observer.Received(file.Size - there);
            return path;
        }

        var part = cache.Part(file.Name, file.Hash);
        try
        {
            await FillAsync(file, part, there, cancel);
        }
        catch (HubException fault) when (!fault.IsTransient)
        {
            File.Delete(part);
            throw;
        }

        File.Move(part, path, overwrite: true);
        return path;
    }

    private async Task FillAsync(HubFile file, string path, long told, CancellationToken cancel)
    {
        using var part = await PartFile.OpenAsync(path, file, cancel);
        observer.Received(part.Length - told);
        var resumed = part.Length > 0;
        await AppendAsync(file, part, cancel);
        var found = part.Finish();
        if (found != file.Hash.Hex && resumed)
        {
            // What was there from before may be at fault.
            Restart(part);
            await AppendAsync(file, part, cancel);
            found = part.Finish();
        }

        if (found != file.Hash.Hex)
        {
            throw new HubException(
                $"{file}: the content must hash to {file.Hash.Hex} as the hub says, it hashes to {found}; it was not "
                + "kept; try again, and if it stays so ask the owner of the repository");
        }
    }

    private async Task AppendAsync(HubFile file, PartFile part, CancellationToken cancel)
    {
        for (var failures = 0; part.Length < file.Size;)
        {
            var before = part.Length;
            var fault = await AppendOnceAsync(file, part, cancel);
            failures = part.Length > before ? 0 : failures + 1;
            if (part.Length >= file.Size)
            {
                return;
            }

            if (failures >= options.Attempts)
            {
                throw new HubException(
                    $"{file}: must come whole, {part.Length} of {file.Size} bytes came and then {options.Attempts} "
                    + $"attempts brought no more ({fault}); the same command goes on from there",
                    isTransient: true);
            }

            var pause = RetryPause.After(Math.Max(1, failures));
            observer.Noticed($"{file}: {fault} after {part.Length} of {file.Size} bytes; going on from there in "
                + $"{pause.TotalSeconds:0} s");
            await Task.Delay(pause, time, cancel);
        }
    }

    /// <summary>Reads one answer, and says why it ended where it ended too early.</summary>
    private async Task<string> AppendOnceAsync(HubFile file, PartFile part, CancellationToken cancel)
    {
        using var response = await client.OpenAsync(file, part.Length, cancel);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            Restart(part);
            return "the hub has no such range";
        }

        if (response.StatusCode == HttpStatusCode.OK)
        {
            Restart(part);
        }
        else
        {
            RequireRange(response, file, part.Length);
        }

        using var body = new HubBody(await response.Content.ReadAsStreamAsync(cancel), options.BodyTimeout, $"{file}");
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            while (await body.ReadAsync(block, cancel) is > 0 and var count)
            {
                if (count > file.Size - part.Length)
                {
                    throw new HubException(
                        $"{file}: must have {file.Size} bytes as the hub says, it sends more; it was not kept");
                }

                await part.AppendAsync(block.AsMemory(0, count), cancel);
                observer.Received(count);
            }

            return "the connection ended";
        }
        catch (HubException fault) when (fault.IsBroken)
        {
            return fault.InnerException is OperationCanceledException
                ? $"nothing came for {options.BodyTimeout.TotalSeconds:0.#} s"
                : "the connection broke";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private void Restart(PartFile part)
    {
        observer.Received(-part.Length);
        part.Restart();
    }

    private static void RequireRange(HttpResponseMessage response, HubFile file, long from)
    {
        var range = response.Content.Headers.ContentRange;
        if (range?.From != from || (range.Length is { } length && length != file.Size))
        {
            throw new HubException(
                $"{file}: the hub must answer with the bytes from {from} of {file.Size}, answers with "
                + $"\"{range?.ToString() ?? "no Content-Range"}\"; it was not kept");
        }
    }
}
