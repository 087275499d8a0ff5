namespace Hone.Data.Tests.Hub;

/// <summary>An answer of <see cref="HubServer"/>.</summary>
/// <param name="Status">The status; 0 hangs up before answering.</param>
/// <param name="Body">The body.</param>
internal sealed record HubAnswer(int Status, byte[] Body)
{
    /// <summary>Headers; one called Content-Length stands in place of the true one.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Bytes of the body after which the connection is cut.</summary>
    public int CutAfter { get; init; } = int.MaxValue;

    /// <summary>Whether the body is sent again and again.</summary>
    public bool IsEndless { get; init; }

    /// <summary>Whether nothing happens after the body, with the connection open.</summary>
    public bool Stalls { get; init; }
}
