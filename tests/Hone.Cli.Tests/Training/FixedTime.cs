namespace Hone.Cli.Tests.Training;

/// <summary>A clock that moves when it is told to.</summary>
internal sealed class FixedTime : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public void Pass(double seconds) => _ticks += TimeSpan.FromSeconds(seconds).Ticks;
}
