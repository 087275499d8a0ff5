using Hone.Torch;

namespace Hone.Benchmarks.Micro;

/// <summary>Times short pieces of work in batches that are long enough for the clock.</summary>
/// <param name="time">The clock.</param>
/// <param name="repeats">How many batches.</param>
/// <param name="batch">Shortest time of a batch.</param>
internal sealed class Clock(TimeProvider time, int repeats, TimeSpan batch)
{
    /// <summary>A clock of few and short batches, or of enough of them.</summary>
    public static Clock Of(TimeProvider time, bool isQuick) =>
        isQuick ? new Clock(time, 3, TimeSpan.FromMilliseconds(5)) : new Clock(time, 7, TimeSpan.FromMilliseconds(50));

    /// <summary>Seconds that one call takes, a value for each batch.</summary>
    public double[] Seconds(Action work) => SecondsOf(times =>
    {
        for (var i = 0L; i < times; i++)
        {
            using var scope = TensorScope.Open();
            work();
        }
    });

    /// <summary>Seconds of one of the calls that <paramref name="work"/> makes; it is told how many to make.</summary>
    public double[] SecondsOf(Action<long> work)
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

        return samples;
    }

    private double Time(Action<long> work, long times)
    {
        var start = time.GetTimestamp();
        work(times);
        return time.GetElapsedTime(start).TotalSeconds;
    }
}
