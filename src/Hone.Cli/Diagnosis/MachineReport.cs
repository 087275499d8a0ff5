using Hone.Torch;

namespace Hone.Cli.Diagnosis;

/// <summary>What a machine is and has, as far as Hone cares.</summary>
internal sealed record MachineReport
{
    /// <summary>Version of Hone.</summary>
    public required string Version { get; init; }

    /// <summary>Version of .NET.</summary>
    public required string Runtime { get; init; }

    /// <summary>The operating system.</summary>
    public required string System { get; init; }

    /// <summary>The name that the processor gives itself; empty where it is not known.</summary>
    public required string ProcessorName { get; init; }

    /// <summary>What the processor can do.</summary>
    public required Processor Processor { get; init; }

    /// <summary>The dtype that <c>compute: auto</c> picks.</summary>
    public required string Compute { get; init; }

    /// <summary>Why it picks that, in words.</summary>
    public required string ComputeReason { get; init; }

    /// <summary>The tensor engine; null when it cannot be loaded.</summary>
    public TorchRuntime? Torch { get; init; }

    /// <summary>Why it cannot be loaded; empty when it can.</summary>
    public string TorchFailure { get; init; } = "";

    /// <summary>Seconds that loading it took.</summary>
    public double TorchSeconds { get; init; }

    /// <summary>The instruction set of fused operators; null when there is none to take.</summary>
    public KernelSet? Kernels { get; init; }

    /// <summary>Why there is none, though the tensor engine can be loaded; empty when there is one.</summary>
    public string KernelFailure { get; init; } = "";

    /// <summary>Bytes of memory that this process may use.</summary>
    public required long Memory { get; init; }

    /// <summary>Bytes of memory that are free or can be freed; 0 where the system does not say.</summary>
    public required long MemoryAvailable { get; init; }

    /// <summary>The current folder, where runs go.</summary>
    public required string Folder { get; init; }

    /// <summary>Free bytes there.</summary>
    public required long DiskFree { get; init; }

    /// <summary>Where recipes look for fixtures.</summary>
    public required string Fixtures { get; init; }

    /// <summary>Whether that folder exists.</summary>
    public required bool HasFixtures { get; init; }

    /// <summary>What slows Hone down or may surprise, each with what to do.</summary>
    public IEnumerable<string> Warnings()
    {
        if (Torch is { IsReferenceBlas: true })
        {
            yield return "blas: must be OpenBLAS with OpenMP to be fast, found the reference BLAS "
                + $"({Torch.BlasLibrary}), about a hundred times slower; run `apt-get install libopenblas0-openmp`";
        }
        else if (Torch is { IsPthreadBlas: true })
        {
            yield return "blas: must share its threads with libtorch, found OpenBLAS with threads of its own "
                + $"({Torch.BlasLibrary}), which fight for the cores; run `apt-get install libopenblas0-openmp`";
        }

        if (!Processor.Avx2)
        {
            yield return "processor: should have AVX2, it has not; everything works, many times slower";
        }

        const long littleDisk = 2L << 30;
        if (DiskFree < littleDisk)
        {
            yield return $"disk: should have room for checkpoints, {Folder} has {Writing.Quantity.Bytes(DiskFree)} "
                + "left; free some or set output to another disk";
        }

        if (!HasFixtures)
        {
            yield return $"fixtures: recipes with ${{HONE_FIXTURES}} need the folder {Fixtures}, there is none; set "
                + "HONE_FIXTURES to where it is";
        }
    }
}
