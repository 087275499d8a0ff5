using Hone.Cli.Diagnosis;
using Hone.Torch;

namespace Hone.Cli.Tests.Diagnosis;

/// <summary>A machine on which nothing is wrong.</summary>
internal static class MachineReports
{
    public static MachineReport Sound { get; } = new()
    {
        Version = "0.1.0",
        Runtime = ".NET 10.0.0",
        System = "Debian GNU/Linux 12",
        ProcessorName = "A processor",
        Processor = new Processor(2, true, true, true, true, false),
        Compute = "bfloat16",
        ComputeReason = "the processor multiplies bfloat16 (avx512_bf16)",
        Torch = new TorchRuntime("1.13.0", 2, "/usr/lib/openblas-openmp/libblas.so.3", false),
        TorchSeconds = 0.5,
        Kernels = new KernelSet("avx512_bf16", ""),
        Memory = 8L << 30,
        MemoryAvailable = 6L << 30,
        Folder = "/home/a",
        DiskFree = 40L << 30,
        Fixtures = "../shared/real",
        HasFixtures = true,
    };
}
