using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Hone.Benchmarks.Machine;

/// <summary>The clock that a core runs at under load, which no file tells reliably.</summary>
/// <remarks>Timed is a chain of multiplications each of which waits for the one before. Of 64 bits they take three
/// cycles on x86-64 of either maker since 2008 (Fog, "Instruction tables").</remarks>
public static class CoreClock
{
    private const int CyclesOfMultiplication = 3;
    private const int MultiplicationsOfStep = 8;
    private const int Steps = 1 << 20;
    private const int Runs = 5;

    /// <summary>Cycles a second, by the quickest of a few runs; null on other processors, whose latencies are not
    /// known.</summary>
    /// <param name="time">What seconds are counted by.</param>
    public static double? Measure(TimeProvider time)
    {
        if (!X86Base.IsSupported)
        {
            return null;
        }

        var best = double.MaxValue;
        for (var run = 0; run < Runs; run++)
        {
            var begin = time.GetTimestamp();
            var end = Multiply((ulong)begin | 1);
            var seconds = time.GetElapsedTime(begin).TotalSeconds;
            // an odd product is not 0, so none is left out
            best = end != 0 && seconds > 0 ? Math.Min(best, seconds) : best;
        }

        return best == double.MaxValue ? null : (double)Steps * MultiplicationsOfStep * CyclesOfMultiplication / best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static ulong Multiply(ulong factor)
    {
        var product = factor;
        for (var step = 0; step < Steps; step++)
        {
            product *= factor;
            product *= factor;
            product *= factor;
            product *= factor;
            product *= factor;
            product *= factor;
            product *= factor;
            product *= factor;
        }

        return product;
    }
}
