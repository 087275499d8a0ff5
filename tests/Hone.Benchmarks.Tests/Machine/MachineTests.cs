using Hone.Benchmarks.Machine;

namespace Hone.Benchmarks.Tests.Machine;

public sealed class MachineTests
{
    [Fact]
    public void A_processor_is_told_by_its_name_and_its_flags()
    {
        var processor =
            ProcessorRecord.Of(
                "processor\t: 0\nmodel name\t: Some CPU: 9\nflags\t\t: fpu avx2 avx512_bf16 amx_tile\n\nmodel name\t: "
                    + "another\n", 2);

        Assert.Equal(
            """{"model":"Some CPU: 9","cores":2,"avx2":"yes","avx512f":"no","avx512_vnni":"no","avx512_bf16":"yes","amx":"yes","amx_bf16":"no"}""",
            processor.ToJson().ToJsonString());
        Assert.True(processor.HasBFloat16);
    }

    [Fact]
    public void A_machine_without_a_list_of_flags_has_none()
    {
        var processor = ProcessorRecord.Of("", 1);

        Assert.Equal("", processor.Model);
        Assert.False(processor.HasBFloat16);
    }

    [Fact]
    public void A_core_runs_at_between_half_a_gigahertz_and_eight()
    {
        Assert.SkipUnless(
            System.Runtime.Intrinsics.X86.X86Base.IsSupported, "the latency of a multiplication is known of x86 alone");

        // Wide, since others may take the core away meanwhile; cycles counted wrongly by 3 or 8 would still be outside.
        Assert.InRange(CoreClock.Measure(TimeProvider.System)!.Value, 5e8, 8e9);
    }

    [Fact]
    public void Load_counts_all_programs_and_our_own()
    {
        // user 100, nice 200, system 300, idle 9999, iowait 9999, irq 400, softirq 500, steal 600: 21 s at 100 a second
        // utime 10, stime 20, cutime 30, cstime 40: 1 s; the name of the program holds spaces and parentheses
        var load = MachineLoad.Of(
            "cpu  100 200 300 9999 9999 400 500 600 0 0", "7 (a) name) R 1 2 3 4 5 6 7 8 9 10 10 20 30 40 0 0",
            "0.5 0.4 0.3 1/2 3");

        Assert.Equal(new MachineLoad(21, 1, 0.5), load);
    }

    [Fact]
    public void Others_have_what_was_busy_and_not_our_own()
    {
        var (before, after) = (new MachineLoad(100, 0, 0), new MachineLoad(106, 0, 0));

        // 6 CPU seconds in 4 seconds on 2 cores, 4 of them ours: 2 of 8
        Assert.Equal(0.25, after.Others(before, wall: 4, cores: 2, own: 4));
        Assert.Equal(0, after.Others(before, wall: 4, cores: 2, own: 7));
    }

    [Fact]
    public void Peak_memory_is_the_high_water_mark() =>
        Assert.Equal(
            852L << 20, PeakMemory.Of(["Name:\thone", "VmPeak:\t  999999 kB", "VmHWM:\t  872448 kB", "VmRSS:\t 1 kB"]));

    [Fact]
    public void Where_the_system_does_not_say_there_is_no_peak() => Assert.Null(PeakMemory.Of(["Name:\thone"]));

    [Fact]
    public void The_largest_descendant_is_found_by_its_ancestor()
    {
        using var child = System.Diagnostics.Process.Start("sleep", "30");
        var peak = PeakMemory.OfLargestDescendant(Environment.ProcessId);
        child.Kill();
        child.WaitForExit();

        Assert.InRange(peak!.Value, 1, 1L << 40);
    }

    [Fact]
    public void A_clock_of_cpu_seconds_runs_while_something_computes()
    {
        var clock = new CpuTime();
        var begin = clock.GetTimestamp();
        var sum = 0L;
        while (clock.GetElapsedTime(begin) < TimeSpan.FromMilliseconds(20))
        {
            sum++;
        }

        Assert.True(sum > 0);
    }
}
