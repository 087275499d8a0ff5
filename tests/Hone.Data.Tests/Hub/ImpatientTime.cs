namespace Hone.Data.Tests.Hub;

/// <summary>A clock on which every pause is over at once, and remembered.</summary>
internal sealed class ImpatientTime : TimeProvider
{
    public List<double> Seconds { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (Seconds)
        {
            Seconds.Add(dueTime.TotalSeconds);
        }

        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
