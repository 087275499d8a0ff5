using System.Net;

namespace Hone.Data.Hub;

/// <summary>Why a request was not answered, in a way that another attempt may mend.</summary>
/// <param name="What">What happened, in words.</param>
/// <param name="IsBeforeAnswer">Whether there was no answer at all.</param>
/// <param name="IsFinal">Whether another attempt cannot help.</param>
/// <param name="Pause">How long the server asks to wait; null where it does not say.</param>
/// <param name="Cause">What was thrown, where something was.</param>
internal sealed record RequestFault(string What, bool IsBeforeAnswer, bool IsFinal, TimeSpan? Pause, Exception? Cause)
{
    /// <summary>The fault of an answer; null where it is one to go on with.</summary>
    public static RequestFault? Of(HttpResponseMessage response, TimeProvider time) => response.StatusCode switch
    {
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
            new RequestFault(
                $"answers {HubRefusal.Status(response)}", IsBeforeAnswer: false, IsFinal: false,
                RetryPause.AskedBy(response, time), Cause: null),
        _ => null,
    };

    /// <summary>The fault of a request that came to no answer. A host without an address will have none a second
    /// later.</summary>
    public static RequestFault Of(HttpRequestException problem) => new(
        Words(problem),
        IsBeforeAnswer: true,
        problem.HttpRequestError == HttpRequestError.NameResolutionError,
        Pause: null,
        problem);

    /// <summary>What to tell when no further attempt is made.</summary>
    public string Words(Uri address, int attempts, TimeSpan longestPause) => (Pause, IsBeforeAnswer) switch
    {
        ({ } pause, _) when pause > longestPause =>
            $"{address}: must answer soon, {What} and asks to wait {Math.Ceiling(pause.TotalSeconds):0} s; try again "
            + "then",
        (_, true) => $"{address}: must be reachable, is not: {What}; check the network, or set HF_HUB_OFFLINE=1 to use "
            + "only what is in the cache",
        _ => $"{address}: must answer, {What}{(attempts > 1 ? $" {attempts} times" : "")}; try again later",
    };

    private static string Words(HttpRequestException problem) => problem.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "the host has no address",
        HttpRequestError.ConnectionError => "no connection",
        HttpRequestError.SecureConnectionError => "no secure connection",
        HttpRequestError.ProxyTunnelError => "the proxy refuses",
        HttpRequestError.ResponseEnded => "the connection ends before the answer",
        HttpRequestError.ConfigurationLimitExceeded => "the head of the answer is too long",
        _ => problem.Message.TrimEnd('.'),
    };
}
