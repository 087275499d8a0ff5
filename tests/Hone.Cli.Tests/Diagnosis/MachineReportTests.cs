using Hone.Torch;

namespace Hone.Cli.Tests.Diagnosis;

public sealed class MachineReportTests
{
    [Fact]
    public void A_sound_machine_has_no_warnings() => Assert.Empty(MachineReports.Sound.Warnings());

    [Fact]
    public void The_reference_blas_is_named_with_what_to_install()
    {
        var machine =
            MachineReports.Sound with { Torch = new TorchRuntime("1.13.0", 2, "/usr/lib/blas/libblas.so.3", false) };

        Assert.Equal(
            ["blas: must be OpenBLAS with OpenMP to be fast, found the reference BLAS (/usr/lib/blas/libblas.so.3), "
                + "about a hundred times slower; run `apt-get install libopenblas0-openmp`"],
            machine.Warnings());
    }

    [Fact]
    public void A_blas_with_threads_of_its_own_is_named_too()
    {
        var machine =
            MachineReports.Sound with
            {
                Torch =
                new TorchRuntime("1.13.0", 2, "/usr/lib/openblas-pthread/libblas.so.3", false)
            };

        Assert.Equal(
            ["blas: must share its threads with libtorch, found OpenBLAS with threads of its own "
                + "(/usr/lib/openblas-pthread/libblas.so.3), "
                + "which fight for the cores; run `apt-get install libopenblas0-openmp`"],
            machine.Warnings());
    }

    [Fact]
    public void Every_shortage_is_told()
    {
        var machine = MachineReports.Sound with
        {
            Processor = new Processor(2, false, false, false, false, false),
            DiskFree = 1L << 30,
            HasFixtures = false,
        };

        Assert.Equal(
            [
                "processor: should have AVX2, it has not; everything works, many times slower",
                "disk: should have room for checkpoints, /home/a has 1 GiB left; free some or set output to another "
                    + "disk",
                "fixtures: recipes with ${HONE_FIXTURES} need the folder ../shared/real, there is none; set "
                    + "HONE_FIXTURES to where it is",
            ],
            machine.Warnings());
    }
}
