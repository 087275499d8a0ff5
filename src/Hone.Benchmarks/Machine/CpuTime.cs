namespace Hone.Benchmarks.Machine;

/// <summary>A clock that counts the CPU seconds of this process.</summary>
/// <remarks>
/// With one thread they come near the wall seconds of a quiet machine, where this one is not. With more threads they
/// mean nothing: threads burn time while they wait for each other.
/// </remarks>
public sealed class CpuTime : TimeProvider
{
    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
}
