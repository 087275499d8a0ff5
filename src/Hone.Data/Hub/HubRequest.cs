namespace Hone.Data.Hub;

/// <summary>One request.</summary>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Address">Where to.</param>
/// <param name="From">The first byte that is wanted of the body.</param>
/// <param name="Attempts">How often to try at most.</param>
internal sealed record HubRequest(HttpMethod Method, Uri Address, long From = 0, int Attempts = int.MaxValue);
