using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hone.Data.Tests.Hub;

/// <summary>A server on this machine that speaks as the hub does, and misbehaves where a test tells it to.</summary>
internal sealed class HubServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly List<SeenRequest> _seen = [];
    private readonly Dictionary<string, Repository> _repositories = [];

    public HubServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What to answer in place of the usual; null for the usual.</summary>
    public Func<SeenRequest, HubAnswer?> Instead { get; set; } = _ => null;

    public IReadOnlyList<SeenRequest> Seen
    {
        get
        {
            lock (_seen)
            {
                return [.. _seen];
            }
        }
    }

    public IEnumerable<string> SeenLines => Seen.Select(one => $"{one.Method} {one.Path}");

    /// <summary>Adds a repository, or a commit of it that <paramref name="revision"/> now is.</summary>
    public Repository Add(
        string path, string commit, string revision = "main", params (string Name, string Text)[] files) =>
        _repositories[$"{path}@{revision}"] = _repositories[$"{path}@{commit}"] =
            new Repository(
                commit, files.ToDictionary(file => file.Name, file => Encoding.UTF8.GetBytes(file.Text)), []);

    public static string GitHash(byte[] content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {content.Length}\0"));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The answer that gives a content, or the part of it that is asked for.</summary>
    public static HubAnswer Content(SeenRequest request, byte[] content)
    {
        if (request.From is not { } from)
        {
            return new HubAnswer(200, content);
        }

        return from >= content.Length
            ? new HubAnswer(416, [])
            : new HubAnswer(206, content[(int)from..])
            {
                Headers = [("Content-Range", $"bytes {from}-{content.Length - 1}/{content.Length}")],
            };
    }

    public void StopListening() => _listener.Stop();

    public void Dispose()
    {
        _closing.Cancel();
        _listener.Stop();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await using var stream = client.GetStream();
                if (await SeenRequest.ReadAsync(stream) is not { } request)
                {
                    return;
                }

                lock (_seen)
                {
                    _seen.Add(request);
                }

                await WriteAsync(stream, request, Instead(request) ?? Usual(request));
            }
        }
        catch (Exception gone) when (
            gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private async Task WriteAsync(NetworkStream stream, SeenRequest request, HubAnswer answer)
    {
        if (answer.Status == 0)
        {
            return;
        }

        var head = new StringBuilder($"HTTP/1.1 {answer.Status} {(HttpStatusCode)answer.Status}\r\nConnection: "
            + "close\r\n");
        if (answer.Headers.All(header => header.Name != "Content-Length") && !answer.IsEndless)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.Body.Length}\r\n");
        }

        foreach (var (name, value) in answer.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}\r\n"));
        if (request.Method == "HEAD")
        {
            return;
        }

        do
        {
            await stream.WriteAsync(
                answer.Body.AsMemory(0, Math.Min(answer.CutAfter, answer.Body.Length)), _closing.Token);
        }
        while (answer.IsEndless);
        if (answer.Stalls)
        {
            await Task.Delay(Timeout.Infinite, _closing.Token);
        }
    }

    private HubAnswer Usual(SeenRequest request)
    {
        var path = Uri.UnescapeDataString(request.Path);
        foreach (var (key, repository) in _repositories)
        {
            var (name, revision) = (key[..key.IndexOf('@')], key[(key.IndexOf('@') + 1)..]);
            var api = name.StartsWith("datasets/", StringComparison.Ordinal) ? name : $"models/{name}";
            if (path == $"/api/{api}/revision/{revision}")
            {
                return Listing(repository);
            }

            if (path.StartsWith($"/{name}/resolve/{revision}/", StringComparison.Ordinal))
            {
                return Resolve(request, repository, path[$"/{name}/resolve/{revision}/".Length..]);
            }
        }

        return new HubAnswer(404, []) { Headers = [("X-Error-Code", "RepoNotFound")] };
    }

    private static HubAnswer Listing(Repository repository) => new(200, JsonSerializer.SerializeToUtf8Bytes(new
    {
        id = "x",
        sha = repository.Commit,
        siblings = repository.Files.Keys.Select(name => new { rfilename = name }).ToArray(),
    }));

    private static HubAnswer Resolve(SeenRequest request, Repository repository, string file)
    {
        if (!repository.Files.TryGetValue(file, out var content))
        {
            return new HubAnswer(404, []) { Headers = [("X-Error-Code", "EntryNotFound")] };
        }

        if (repository.Large.TryGetValue(file, out var elsewhere))
        {
            return new HubAnswer(302, [])
            {
                Headers =
                [
                    ("Location", elsewhere), ("X-Repo-Commit", repository.Commit),
                    ("X-Linked-Etag", $"\"{Sha256(content)}\""), ("X-Linked-Size", $"{content.Length}"),
                ],
            };
        }

        var answer = Content(request, content);
        return answer with
        {
            Headers = [.. answer.Headers, ("ETag", $"\"{GitHash(content)}\""), ("X-Repo-Commit", repository.Commit)],
        };
    }

    /// <summary>A repository at a commit.</summary>
    /// <param name="Commit">The commit.</param>
    /// <param name="Files">Contents by name.</param>
    /// <param name="Large">Where the bytes of large files are.</param>
    public sealed record Repository(string Commit, Dictionary<string, byte[]> Files, Dictionary<string, string> Large);
}
