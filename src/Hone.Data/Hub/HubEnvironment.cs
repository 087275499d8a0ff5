using System.Globalization;
using System.Text.RegularExpressions;

namespace Hone.Data.Hub;

/// <summary>The environment variables of <c>huggingface_hub</c>.</summary>
/// <param name="variable">The value of a variable, or null.</param>
/// <param name="homeFolder">The user's home, for <c>~</c>.</param>
public sealed partial class HubEnvironment(Func<string, string?> variable, string homeFolder)
{
    /// <summary>The environment of this process.</summary>
    public static HubEnvironment OfThisProcess() => new(
        Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>What the variables say.</summary>
    /// <exception cref="HubException">One of them cannot be followed.</exception>
    public HubOptions Options()
    {
        var home = Folder("HF_HOME")
            ?? Path.Combine(Folder("XDG_CACHE_HOME") ?? Path.Combine(homeFolder, ".cache"), "huggingface");
        var usual = new HubOptions { CacheFolder = "" };
        return usual with
        {
            Endpoint = Endpoint() ?? usual.Endpoint,
            CacheFolder = Path.GetFullPath(
                Folder("HF_HUB_CACHE") ?? Folder("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub")),
            Token = IsOn("HF_HUB_DISABLE_IMPLICIT_TOKEN") ? null : Token(home),
            IsOffline = IsOn("HF_HUB_OFFLINE") || (Text("HF_HUB_OFFLINE") is null && IsOn("TRANSFORMERS_OFFLINE")),
            UsesLinks = !IsOn("HF_HUB_DISABLE_SYMLINKS"),
            AnswerTimeout = Seconds("HF_HUB_ETAG_TIMEOUT") ?? usual.AnswerTimeout,
            BodyTimeout = Seconds("HF_HUB_DOWNLOAD_TIMEOUT") ?? usual.BodyTimeout,
        };
    }

    private string? Endpoint()
    {
        if (Text("HF_ENDPOINT")?.TrimEnd('/') is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }
            ? text
            : throw new HubException($"HF_ENDPOINT: must be an address such as https://huggingface.co, is \"{text}\"");
    }

    private string? Token(string home)
    {
        var path = Folder("HF_TOKEN_PATH") ?? Path.Combine(home, "token");
        var token = Clean(Text("HF_TOKEN")) ?? Clean(Text("HUGGING_FACE_HUB_TOKEN")) ?? Clean(ReadOrNull(path));
        return token is null || token.All(letter => letter is > ' ' and < '\x7f')
            ? token
            : throw new HubException(
                "HF_TOKEN: must be a token as https://huggingface.co/settings/tokens shows it, holds blanks or letters "
                + "that no token has");
    }

    private static string? ReadOrNull(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Clean(string? token) => token?.Trim() is { Length: > 0 } text ? text : null;

    private TimeSpan? Seconds(string name) => Text(name) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and <= 86400 => TimeSpan.FromSeconds(seconds),
        var text => throw new HubException($"{name}: must be a whole number of seconds from 1 to 86400, is \"{text}\""),
    };

    private bool IsOn(string name) => Text(name)?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    /// <summary>A folder, with <c>~</c> and variables in it replaced.</summary>
    private string? Folder(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var path = Reference().Replace(text, match => Text(match.Groups["name"].Value) ?? match.Value);
        return path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? homeFolder + path[1..] : path;
    }

    private string? Text(string name) => variable(name) is { Length: > 0 } text ? text : null;

    [GeneratedRegex(@"\$(\{(?<name>\w+)\}|(?<name>\w+))", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
