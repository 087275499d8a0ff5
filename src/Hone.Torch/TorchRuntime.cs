using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>What the tensor engine of this process is.</summary>
/// <param name="Version">Version of libtorch.</param>
/// <param name="Threads">Threads that operators called from this thread use.</param>
/// <param name="BlasLibrary">The file that provides matrix products; empty where it is linked statically.</param>
/// <param name="HasCuda">Whether a GPU can be used.</param>
public sealed unsafe record TorchRuntime(string Version, int Threads, string BlasLibrary, bool HasCuda)
{
    /// <summary>
    /// Whether matrix products come from the reference BLAS, about a hundred times slower than OpenBLAS.
    /// </summary>
    public bool IsReferenceBlas =>
        BlasLibrary.Length > 0
        && !BlasLibrary.Contains("openblas", StringComparison.Ordinal)
        && !BlasLibrary.Contains("mkl", StringComparison.Ordinal)
        && !BlasLibrary.Contains("blis", StringComparison.Ordinal)
        && !BlasLibrary.Contains("torch", StringComparison.Ordinal);

    /// <summary>Whether OpenBLAS brings threads of its own, which fight with those of OpenMP.</summary>
    public bool IsPthreadBlas => BlasLibrary.Contains("openblas-pthread", StringComparison.Ordinal);

    /// <summary>Handles to tensors that are alive now, in the whole process.</summary>
    public static long LiveTensors => Door.hone_live_tensors();

    /// <summary>Loads libtorch, where that has not happened, and asks it.</summary>
    /// <exception cref="TorchException">It cannot be loaded.</exception>
    public static TorchRuntime Load() => new(
        Door.Text(&Door.hone_torch_version),
        Door.hone_threads(),
        Door.Text(&Door.hone_blas_library),
        Door.hone_has_cuda() != 0);

    /// <summary>How libtorch was built, in its own words.</summary>
    public static string BuildDescription() => Door.Text(&Door.hone_torch_config);
}
