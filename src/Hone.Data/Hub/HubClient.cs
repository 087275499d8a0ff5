using System.Globalization;
using System.Net;

namespace Hone.Data.Hub;

/// <summary>Asks the hub: what a repository has, what a file is, and for its bytes.</summary>
internal sealed class HubClient(HubTransport transport, HubOptions options)
{
    private const int LongestListing = 64 << 20;

    /// <summary>The files of a repository at a revision, and the commit that the revision is now.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="attempts">How often to try at most.</param>
    /// <param name="cancel">Asks to stop.</param>
    /// <exception cref="HubException">There is no such repository or revision, it may not be read, or the hub does not
    /// answer as it should.</exception>
    public async Task<HubListing> ListAsync(HubName name, int attempts, CancellationToken cancel)
    {
        var address = new Uri(
            $"{options.Endpoint}/api/{name.Prefix}/{name.Id}/revision/{Uri.EscapeDataString(name.Revision)}");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ListAsync(name, new HubRequest(HttpMethod.Get, address, Attempts: attempts), cancel);
            }
            catch (HubException fault) when (fault.IsBroken && attempt < Math.Min(attempts, options.Attempts))
            {
            }
        }
    }

    /// <summary>Size and hash of a file.</summary>
    /// <param name="name">The repository, at a commit.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancel">Asks to stop.</param>
    /// <exception cref="HubException">There is no such file, it may not be read, or the hub does not say what it
    /// is.</exception>
    public async Task<HubFile> DescribeAsync(HubName name, string path, CancellationToken cancel)
    {
        using var response = await transport.SendAsync(new HubRequest(HttpMethod.Head, Address(name, path)), cancel);
        if ((int)response.StatusCode is < 200 or >= 400)
        {
            throw HubRefusal.Of(response, name, path, options);
        }

        if (Header(response, "X-Repo-Commit") is { } commit && commit != name.Revision)
        {
            throw new HubException($"{name}: {path}: must be of the commit that was asked for, is of {commit}");
        }

        var tag = Header(response, HubTransport.LinkedTag) ?? Header(response, "ETag") ?? "";
        var hash = BlobHash.TryParse(tag)
            ?? throw new HubException(
                $"{name}: {path}: the hub must name the file's hash in X-Linked-Etag or ETag (SHA-256, or git's "
                + "SHA-1), "
                + $"{(tag.Length == 0 ? "names none" : $"says {tag}")}; what cannot be checked is not downloaded");
        return new HubFile(name, path, hash, Size(response) ?? throw new HubException(
            $"{name}: {path}: the hub must say how many bytes the file has in X-Linked-Size or Content-Length, does "
            + "not"));
    }

    /// <summary>Opens the bytes of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="from">The first byte that is wanted. The answer says whether it begins there.</param>
    /// <param name="cancel">Asks to stop.</param>
    public async Task<HttpResponseMessage> OpenAsync(HubFile file, long from, CancellationToken cancel)
    {
        var request = new HubRequest(HttpMethod.Get, Address(file.Name, file.Path), from);
        var response = await transport.SendAsync(request, cancel);
        if (response.StatusCode
            is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return response;
        }

        using (response)
        {
            throw HubRefusal.Of(response, file.Name, file.Path, options);
        }
    }

    private async Task<HubListing> ListAsync(HubName name, HubRequest request, CancellationToken cancel)
    {
        using var response = await transport.SendAsync(request, cancel);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw HubRefusal.Of(response, name, "", options);
        }

        using var body = new HubBody(
            await response.Content.ReadAsStreamAsync(cancel), options.BodyTimeout, $"{request.Address}");
        var listing = HubListing.Parse(await body.ReadAllAsync(LongestListing, cancel), $"{request.Address}");
        return !name.IsPinned || listing.Commit == name.Revision
            ? listing
            : throw new HubException(
                $"{request.Address}: must answer for the commit that was asked for, answers for {listing.Commit}");
    }

    private Uri Address(HubName name, string path)
    {
        var prefix = name.Kind == HubKind.Model ? "" : "datasets/";
        var file = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        return new Uri(
            $"{options.Endpoint}/{prefix}{name.Id}/resolve/{Uri.EscapeDataString(name.Revision)}/{file}");
    }

    private static long? Size(HttpResponseMessage response) =>
        long.TryParse(
            Header(response, "X-Linked-Size") ?? Header(response, "Content-Length"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var size)
            ? size
            : null;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? values.FirstOrDefault()?.Trim()
            : null;
}
