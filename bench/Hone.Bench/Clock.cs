using System.Diagnostics;
using Hone.Torch;

namespace Hone.Bench;

/// <summary>Times short pieces of work: batches long enough, and of several the one least disturbed.</summary>
/// <param name="repeats">How many batches.</param>
/// <param name="batch">Shortest time of a batch.</param>
internal sealed class Clock(int repeats, TimeSpan batch)
{
    /// <summary>Seconds that one call takes.</summary>
    public double Seconds(Action work) => SecondsOf(times =>
    {
        for (var i = 0L; i < times; i++)
        {
            using var scope = TensorScope.Open();
            work();
        }
    });

    /// <summary>Seconds of one of the calls that <paramref name="work"/> makes; it is told how many to make.</summary>
    public double SecondsOf(Action<long> work)
    {
        work(1); // tiers of the JIT, primitives of oneDNN, pages of memory
        var times = 1L;
        var seconds = Time(work, times);
        while (seconds < batch.TotalSeconds)
        {
            times = Math.Max(times * 2, (long)(times * batch.TotalSeconds / Math.Max(seconds, 1e-9)));
            seconds = Time(work, times);
        }

        var samples = new double[repeats];
        for (var i = 0; i < repeats; i++)
        {
            samples[i] = Time(work, times) / times;
        }

        return samples.Min();
    }

    private static double Time(Action<long> work, long times)
    {
        var start = Stopwatch.GetTimestamp();
        work(times);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
