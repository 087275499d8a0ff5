using System.Globalization;
using System.Net;

namespace Hone.Data.Hub;

/// <summary>What it means when the hub refuses, and what to do.</summary>
internal static class HubRefusal
{
    /// <summary><c>404 Not Found</c>.</summary>
    public static string Status(HttpResponseMessage response) => string.Create(
        CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.ReasonPhrase}").TrimEnd();

    /// <summary>The error for an answer that is none of success.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="name">The repository that was asked for.</param>
    /// <param name="file">The file that was asked for; empty for the repository itself.</param>
    /// <param name="options">Whom was asked, and as whom.</param>
    public static HubException Of(HttpResponseMessage response, HubName name, string file, HubOptions options)
    {
        var where = file.Length == 0 ? name.ToString() : $"{name}: {file}";
        var said = Header(response, "X-Error-Message");
        return new HubException((Header(response, "X-Error-Code"), response.StatusCode) switch
        {
            ("GatedRepo", _) => Gated(where, name, options),
            ("RevisionNotFound", _) =>
                $"{where}: must be a revision of {name.Id}, there is no branch, tag or commit \"{name.Revision}\"; "
                + $"{Page(name, options)} lists them",
            ("EntryNotFound", _) => $"{where}: must be a file of the repository, the hub has none of that name",
            (_, HttpStatusCode.Unauthorized)
                when options.Token is not null && said.Contains("nvalid credentials", StringComparison.Ordinal) =>
                $"{where}: the token must be one that {options.Endpoint} knows, it is refused; set HF_TOKEN to a valid "
                + "one, or unset it for what everybody may read",
            ("RepoNotFound", _) or (_, HttpStatusCode.Unauthorized) or (_, HttpStatusCode.NotFound) =>
                NotFound(where, name, options, response),
            (_, HttpStatusCode.Forbidden) =>
                $"{where}: the token must allow reading it, {options.Endpoint} answers {Status(response)}{Said(said)}; "
                + "give the token that right, or ask the owner",
            _ => $"{where}: {options.Endpoint} must answer with what was asked for, answers "
                + $"{Status(response)}{Said(said)}",
        });
    }

    private static string Gated(string where, HubName name, HubOptions options) =>
        $"{where}: its owners must have let you in, they have not; open {Page(name, options)} in a browser, log in, "
        + "accept what is asked there, and "
        + (options.Token is null
            ? "set HF_TOKEN to a token of that account (https://huggingface.co/settings/tokens)"
            : "see that HF_TOKEN is a token of that account which may read gated repositories");

    private static string NotFound(string where, HubName name, HubOptions options, HttpResponseMessage response)
    {
        var kind = name.Kind == HubKind.Model ? "model" : "data set";
        return $"{where}: must be a {kind} of {options.Endpoint} that you may read, the hub answers "
            + $"{Status(response)}; check "
            + (options.Token is null
                ? "the spelling, and set HF_TOKEN if the repository is private"
                : "the spelling, and that the account of HF_TOKEN may read it");
    }

    private static string Page(HubName name, HubOptions options) =>
        $"{options.Endpoint}/{(name.Kind == HubKind.Model ? "" : "datasets/")}{name.Id}";

    private static string Said(string message) => message.Length == 0 ? "" : $" ({message})";

    /// <summary>A header as one line that can be shown; empty where there is none.</summary>
    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values)
            ? new string([.. string.Join(", ", values).Where(letter => !char.IsControl(letter)).Take(300)])
            : "";
}
