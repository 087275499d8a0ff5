namespace Hone.Training.Tests;

/// <summary>A clock that goes on by a second each time that it is read.</summary>
internal sealed class FixedClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _next = start;

    public override DateTimeOffset GetUtcNow()
    {
        var now = _next;
        _next = now.AddSeconds(1);
        return now;
    }
}
