using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Hone.Torch;
using Hone.Training;
using Hone.Training.Recipes;

namespace Hone.Cli.Diagnosis;

/// <summary>Examines the machine that this process runs on.</summary>
internal static class Machine
{
    /// <summary>Examines it; loads libtorch on the thread that calls.</summary>
    /// <param name="folder">Where free disk space is wanted.</param>
    public static MachineReport Examine(string folder)
    {
        var processor = Processor.Detect();
        var compute = ComputeDecision.Of(ComputeChoice.Auto, processor);
        var fixtures = RecipeVariables.Of(Path.Combine(folder, "recipe.yaml")).Fixtures;
        return ChooseKernels(LoadTorch(new MachineReport
        {
            Version = CommandLine.Version,
            Runtime = RuntimeInformation.FrameworkDescription,
            System = RuntimeInformation.OSDescription,
            ProcessorName = Field("/proc/cpuinfo", "model name"),
            Processor = processor,
            Compute = compute.Name,
            ComputeReason = compute.Reason,
            Memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            MemoryAvailable = Kibibytes(Field("/proc/meminfo", "MemAvailable")),
            Folder = folder,
            DiskFree = new DriveInfo(folder).AvailableFreeSpace,
            Fixtures = fixtures,
            HasFixtures = Directory.Exists(Path.Combine(folder, fixtures)),
        }));
    }

    private static MachineReport LoadTorch(MachineReport report)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            ComputeThread.Configure(Environment.ProcessorCount);
            var torch = TorchRuntime.Load();
            return report with { Torch = torch, TorchSeconds = watch.Elapsed.TotalSeconds };
        }
        catch (Exception error) when (
            error is TorchException or TypeInitializationException { InnerException: TorchException })
        {
            return report with { TorchFailure = (error.InnerException ?? error).Message };
        }
    }

    private static MachineReport ChooseKernels(MachineReport report)
    {
        try
        {
            return report.Torch is null ? report : report with { Kernels = KernelSet.Load() };
        }
        catch (TorchException error)
        {
            return report with { KernelFailure = error.Message };
        }
    }

    private static string Field(string file, string name) => !File.Exists(file)
        ? ""
        : File.ReadLines(file)
            .Select(line => line.Split(':', 2))
            .Where(parts => parts.Length == 2 && parts[0].Trim() == name)
            .Select(parts => parts[1].Trim())
            .FirstOrDefault("");

    private static long Kibibytes(string text) =>
        long.TryParse(text.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes)
            ? kibibytes << 10
            : 0;
}
