using System.Text.Json;

namespace Hone.Data.Hub;

/// <summary>The files of a repository at one commit.</summary>
/// <param name="Commit">The commit, 40 hexadecimal digits.</param>
/// <param name="Files">Paths inside the repository, in ordinal order; each stays inside of it.</param>
internal sealed record HubListing(string Commit, IReadOnlyList<string> Files)
{
    /// <summary>Reads what the hub answers about a revision.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="place">What messages call it.</param>
    /// <exception cref="HubException">It is something else, or names a file outside of the repository.</exception>
    public static HubListing Parse(ReadOnlyMemory<byte> json, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
            return new HubListing(Sha(document.RootElement, place), Names(document.RootElement, place));
        }
        catch (JsonException fault)
        {
            throw new HubException($"{place}: must answer with JSON, did not: {fault.Message}", cause: fault);
        }
    }

    private static string Sha(JsonElement root, string place) =>
        Field(root, "sha") is { ValueKind: JsonValueKind.String } sha && HubName.IsCommit(sha.GetString()!)
            ? sha.GetString()!
            : throw new HubException($"{place}: \"sha\" must be a commit of 40 hexadecimal digits, got "
                + $"{Words(root, "sha")}");

    private static IReadOnlyList<string> Names(JsonElement root, string place) =>
        Field(root, "siblings") is { ValueKind: JsonValueKind.Array } files
            ? [.. files.EnumerateArray().Select(file => Name(file, place)).Distinct().Order(StringComparer.Ordinal)]
            : throw new HubException($"{place}: \"siblings\" must be a list of files, got {Words(root, "siblings")}");

    private static string Name(JsonElement file, string place)
    {
        if (Field(file, "rfilename") is not { ValueKind: JsonValueKind.String } name)
        {
            throw new HubException($"{place}: a file of \"siblings\" must have \"rfilename\", got "
                + $"{Words(file, "rfilename")}");
        }

        return RepositoryPath.IsSafe(name.GetString()!)
            ? name.GetString()!
            : throw new HubException(
                $"{place}: files must lie inside the repository, {name.GetRawText()} would not; nothing was written");
    }

    private static JsonElement? Field(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string Words(JsonElement element, string name) =>
        Field(element, name) is { } value ? JsonText.Describe(value) : "nothing";
}
