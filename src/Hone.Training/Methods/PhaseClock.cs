using Hone.Training.Progress;

namespace Hone.Training.Methods;

/// <summary>Where the time of a step goes.</summary>
internal sealed class PhaseClock(TimeProvider time)
{
    private readonly Dictionary<PhaseKind, TimeSpan> _spent = [];
    private PhaseKind _phase = PhaseKind.Waiting;
    private long _since = time.GetTimestamp();

    /// <summary>Ends the phase that is running and begins another.</summary>
    public void Enter(PhaseKind phase)
    {
        var now = time.GetTimestamp();
        _spent[_phase] = _spent.GetValueOrDefault(_phase) + time.GetElapsedTime(_since, now);
        (_phase, _since) = (phase, now);
    }

    /// <summary>The seconds of each phase since the last call, the running one included.</summary>
    public IReadOnlyDictionary<PhaseKind, double> Take()
    {
        Enter(PhaseKind.Waiting);
        var seconds = _spent.ToDictionary(entry => entry.Key, entry => entry.Value.TotalSeconds);
        _spent.Clear();
        return seconds;
    }
}
