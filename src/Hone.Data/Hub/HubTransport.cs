using System.Net;
using System.Net.Http.Headers;

namespace Hone.Data.Hub;

/// <summary>Sends requests: follows redirections, keeps the token to the endpoint, waits and tries again where that may
/// help.</summary>
internal sealed class HubTransport(HttpClient http, HubOptions options, TimeProvider time, IHubObserver observer)
{
    /// <summary>Set on the answer about a large file, which then redirects to where its bytes are.</summary>
    public const string LinkedTag = "X-Linked-Etag";

    private const int MostRedirections = 10;
    private const int AttemptsToConnect = 3;

    private readonly Uri _endpoint = new(options.Endpoint);

    /// <summary>A client that leaves to this class what it does itself.</summary>
    public static HttpClient CreateClient() => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
        })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Sends a request until it is answered, and gives back the answer with its body still to be
    /// read.</summary>
    /// <exception cref="HubException">The server cannot be reached or is not able to answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(HubRequest request, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (response, fault) = await TryAsync(request, cancel);
            if (response is not null)
            {
                return response;
            }

            var attempts = Math.Min(request.Attempts, fault!.IsBeforeAnswer ? AttemptsToConnect : options.Attempts);
            var pause = fault.Pause ?? RetryPause.After(attempt);
            if (attempt >= attempts || fault.IsFinal || pause > options.LongestPause)
            {
                throw new HubException(
                    fault.Words(request.Address, attempt, options.LongestPause), isTransient: true, fault.Cause);
            }

            observer.Noticed($"{request.Address}: {fault.What}; trying again in {Math.Ceiling(pause.TotalSeconds):0} "
                + "s");
            await Task.Delay(pause, time, cancel);
        }
    }

    private async Task<(HttpResponseMessage? Response, RequestFault? Fault)> TryAsync(
        HubRequest request, CancellationToken cancel)
    {
        try
        {
            var response = await FollowAsync(request, cancel);
            if (RequestFault.Of(response, time) is not { } fault)
            {
                return (response, null);
            }

            response.Dispose();
            return (null, fault);
        }
        catch (HttpRequestException problem)
        {
            return (null, RequestFault.Of(problem));
        }
        catch (OperationCanceledException problem) when (!cancel.IsCancellationRequested)
        {
            var what = $"no answer within {options.AnswerTimeout.TotalSeconds:0.#} s";
            return (null, new RequestFault(what, IsBeforeAnswer: true, IsFinal: false, Pause: null, problem));
        }
    }

    private async Task<HttpResponseMessage> FollowAsync(HubRequest request, CancellationToken cancel)
    {
        var address = request.Address;
        for (var hop = 0; hop <= MostRedirections; hop++)
        {
            var response = await SendOnceAsync(request, address, cancel);
            if (Target(response, address) is not { } target
                || (request.Method == HttpMethod.Head && response.Headers.Contains(LinkedTag)))
            {
                return response;
            }

            response.Dispose();
            if (target.Scheme is not ("http" or "https") || (address.Scheme == "https" && target.Scheme == "http"))
            {
                throw new HubException(
                    $"{address}: must redirect to an address as safe as its own, redirects to "
                    + $"{target.GetLeftPart(UriPartial.Path)}");
            }

            address = target;
        }

        throw new HubException($"{request.Address}: must lead to a file, redirects more than {MostRedirections} times");
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HubRequest request, Uri address, CancellationToken cancel)
    {
        using var message = new HttpRequestMessage(request.Method, address);
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("hone", null));
        message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (request.From > 0)
        {
            message.Headers.Range = new RangeHeaderValue(request.From, null);
        }

        if (options.Token is { } token && IsEndpoint(address))
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.AnswerTimeout);
        return await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
    }

    private bool IsEndpoint(Uri address) =>
        (address.Scheme, address.IdnHost, address.Port) == (_endpoint.Scheme, _endpoint.IdnHost, _endpoint.Port);

    private static Uri? Target(HttpResponseMessage response, Uri address) =>
        response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
            && response.Headers.Location is { } location
            ? new Uri(address, location)
            : null;
}
