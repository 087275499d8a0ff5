using System.Runtime.InteropServices;

namespace Hone.Cli;

/// <summary>Turns Ctrl-C, and the signal that ends a job, into a request to stop in good order; the next one leaves at
/// once.</summary>
/// <remarks>
/// Nothing is listened to before somebody watches: until then Ctrl-C ends the process as it always does. Tools that end
/// jobs may signal the process and its group, which is one request: what comes right after the first is part of it.
/// </remarks>
internal sealed class Interruption(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan OneRequest = TimeSpan.FromMilliseconds(300);

    private readonly List<PosixSignalRegistration> _signals = [];
    private CancellationTokenSource? _source;
    private long _asked;

    /// <summary>A token that the next Ctrl-C cancels. Watching anew forgives an earlier one.</summary>
    public CancellationToken Watch()
    {
        if (_signals is [])
        {
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle));
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle));
        }

        _source = new CancellationTokenSource();
        return _source.Token;
    }

    /// <summary>Asks to stop.</summary>
    /// <returns>Whether somebody was watching and this is the first request.</returns>
    public bool Ask()
    {
        switch (_source)
        {
            case null:
                return false;
            case { IsCancellationRequested: true }:
                return time.GetElapsedTime(_asked) < OneRequest;
            default:
                _asked = time.GetTimestamp();
                _source.Cancel();
                return true;
        }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _source?.Dispose();
    }

    private void Handle(PosixSignalContext context) => context.Cancel = Ask();
}
