using System.Runtime.InteropServices;

namespace Hone.Torch.Native;

/// <summary>How OpenMP's threads wait, which its runtime reads from the environment when it is loaded.</summary>
internal static partial class OpenMpSettings
{
    /// <summary>Rounds that a thread spins for the next operator before it sleeps.</summary>
    /// <remarks>
    /// The runtime's own 300,000 are some milliseconds: between two operators of one step that wins nothing over a few
    /// thousand, and where other work wants the cores it takes them away, several times over.
    /// </remarks>
    private const string SpinCount = "2000";

    /// <summary>Sets what the user has not set. Must come before libtorch is loaded.</summary>
    public static void Apply()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            // .NET keeps an environment of its own; the native runtime reads the process's.
            _ = SetVariable("GOMP_SPINCOUNT", SpinCount, overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
