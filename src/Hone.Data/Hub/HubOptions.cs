namespace Hone.Data.Hub;

/// <summary>Where the hub is, where its files are kept, and how to ask for them.</summary>
public sealed record HubOptions
{
    /// <summary>The address that paths such as <c>/api/models/…</c> are added to, without a slash at its end.</summary>
    public string Endpoint { get; init; } = "https://huggingface.co";

    /// <summary>The folder of the cache, in the layout of <c>huggingface_hub</c>.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>What proves to the hub who asks; null to ask as nobody. It is sent to <see cref="Endpoint"/>
    /// alone.</summary>
    public string? Token { get; init; }

    /// <summary>Whether only what lies in the cache may be used.</summary>
    public bool IsOffline { get; init; }

    /// <summary>Whether snapshots link to blobs; where links are off or impossible they hold the files
    /// themselves.</summary>
    public bool UsesLinks { get; init; } = true;

    /// <summary>The longest wait for the head of an answer.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait for the next bytes of a body.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts at one request, each after a longer pause.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>The longest pause that a server may ask for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);
}
