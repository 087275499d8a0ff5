using System.Runtime.InteropServices;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Works;
using Hone.Torch;
using Hone.Training;

namespace Hone.Benchmarks.Running;

/// <summary>Does one work in this process, on the thread that computes.</summary>
public static class OneWork
{
    /// <summary>Does it.</summary>
    /// <param name="work">The work.</param>
    /// <param name="context">What it is done with.</param>
    /// <returns>What was measured, as it is there.</returns>
    public static IEnumerable<Measurement> Run(IWorkload work, WorkContext context)
    {
        // The machine's limits come first and use the tensor engine in any case; other processes should hold what their
        // work needs alone.
        var versions = work == Catalogue.Limits ? Versions() : new Dictionary<string, string>();
        foreach (var found in work.Run(context))
        {
            yield return found with { CpuSeconds = MachineLoad.Read().Own, Versions = versions };
        }
    }

    private static Dictionary<string, string> Versions()
    {
        var engine = TorchRuntime.Load();
        return new Dictionary<string, string>
        {
            ["hone"] = HoneVersion.Text,
            ["libtorch"] = engine.Version,
            ["blas"] = string.Join('/', engine.BlasLibrary.Split('/').TakeLast(2)),
            ["dotnet"] = RuntimeInformation.FrameworkDescription,
        };
    }
}
