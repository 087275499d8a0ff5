using System.Reflection;
using System.Runtime.InteropServices;

namespace Hone.Torch.Native;

/// <summary>
/// The functions of <c>native/door</c>. The library, and libtorch with it, is loaded at the first call.
/// </summary>
internal static unsafe partial class Door
{
    private const string Library = "hone_native";
    private const int AbiVersion = 2;

    static Door()
    {
        NativeLibrary.SetDllImportResolver(typeof(Door).Assembly, Resolve);
        var found = hone_abi_version();
        if (found != AbiVersion)
        {
            throw new TorchException(
                $"{FileName}: its interface must have version {AbiVersion}, found {found}; run `make build` to "
                    + "compile it anew");
        }

        Check(hone_process_initialize());
    }

    private static string FileName => Path.Combine(AppContext.BaseDirectory, "libhone_native.so");

    /// <summary>Throws what the native side reported, when it did.</summary>
    public static void Check(int status)
    {
        if (status != 0)
        {
            throw new TorchException(Marshal.PtrToStringUTF8((nint)hone_last_error()) ?? "no text");
        }
    }

    /// <summary>Reads a text of unknown length.</summary>
    public static string Text(delegate*<byte*, int, int> read)
    {
        var buffer = new byte[4096];
        while (true)
        {
            int length;
            fixed (byte* start = buffer)
            {
                length = read(start, buffer.Length);
            }

            if (length <= buffer.Length)
            {
                return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
            }

            buffer = new byte[length];
        }
    }

    [LibraryImport(Library)]
    public static partial byte* hone_last_error();

    [LibraryImport(Library)]
    public static partial int hone_abi_version();

    [LibraryImport(Library)]
    public static partial int hone_process_initialize();

    [LibraryImport(Library)]
    public static partial int hone_thread_initialize(int threads);

    [LibraryImport(Library)]
    public static partial int hone_threads();

    [LibraryImport(Library)]
    public static partial int hone_torch_version(byte* text, int capacity);

    [LibraryImport(Library)]
    public static partial int hone_torch_config(byte* text, int capacity);

    [LibraryImport(Library)]
    public static partial int hone_blas_library(byte* text, int capacity);

    [LibraryImport(Library)]
    public static partial int hone_has_cuda();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int hone_operator_find(string name, string overload, out nint handle);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int hone_operator_exists(string name, string overload);

    [LibraryImport(Library)]
    public static partial int hone_operator_schema(nint handle, byte* text, int capacity);

    [LibraryImport(Library)]
    public static partial int hone_operator_call(
        nint handle, NativeArgument* arguments, int count, NativeArgument* results, int capacity, int* resultCount);

    [LibraryImport(Library)]
    public static partial void hone_tensor_free(nint handle);

    [LibraryImport(Library)]
    public static partial long hone_live_tensors();

    [LibraryImport(Library), SuppressGCTransition]
    public static partial long hone_memory_live();

    [LibraryImport(Library), SuppressGCTransition]
    public static partial long hone_memory_peak();

    [LibraryImport(Library), SuppressGCTransition]
    public static partial long hone_memory_largest();

    [LibraryImport(Library)]
    public static partial long hone_memory_extent();

    [LibraryImport(Library)]
    public static partial void hone_memory_reset_peak();

    [LibraryImport(Library)]
    public static partial void hone_memory_trim();

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int hone_tensor_rank(nint handle);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial void hone_tensor_shape(nint handle, long* shape);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial long hone_tensor_size(nint handle, int dim);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial long hone_tensor_count(nint handle);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int hone_tensor_dtype(nint handle);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial long hone_tensor_device(nint handle);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int hone_tensor_is_contiguous(nint handle);

    [LibraryImport(Library)]
    public static partial void* hone_tensor_data(nint handle);

    [LibraryImport(Library)]
    public static partial int hone_tensor_item(nint handle, out double value);

    [LibraryImport(Library)]
    public static partial int hone_tensor_create(void* bytes, long* shape, int rank, int dtype, out nint handle);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int hone_mapping_open(string path, out nint mapping, out long size);

    [LibraryImport(Library)]
    public static partial void hone_mapping_close(nint mapping);

    [LibraryImport(Library)]
    public static partial byte* hone_mapping_data(nint mapping);

    [LibraryImport(Library)]
    public static partial int hone_mapping_tensor(
        nint mapping, long offset, long* shape, int rank, int dtype, out nint handle);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int hone_requires_grad(nint handle);

    [LibraryImport(Library)]
    public static partial int hone_set_requires_grad(nint handle, int value);

    [LibraryImport(Library)]
    public static partial int hone_grad(nint handle, out nint gradient);

    [LibraryImport(Library)]
    public static partial int hone_set_grad(nint handle, nint gradient);

    [LibraryImport(Library)]
    public static partial int hone_backward(nint* roots, nint* gradients, int count);

    [LibraryImport(Library)]
    public static partial int hone_gradients(
        nint* roots, nint* seeds, int rootCount, nint* inputs, int inputCount, int createGraph, nint* gradients);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int hone_grad_enabled();

    [LibraryImport(Library), SuppressGCTransition]
    public static partial void hone_set_grad_enabled(int enabled);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library)
        {
            return 0;
        }

        OpenMpSettings.Apply();
        try
        {
            return NativeLibrary.Load(FileName);
        }
        catch (DllNotFoundException error)
        {
            throw new TorchException(
                $"{FileName}: must load together with libtorch, but the system's loader says: "
                + $"{error.Message.Split('\n')[0]}; run `make build`, or set HONE_LIBTORCH to a libtorch folder and "
                + "build again");
        }
    }
}
