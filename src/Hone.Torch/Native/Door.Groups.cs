using System.Runtime.InteropServices;

namespace Hone.Torch.Native;

/// <content>Process groups: <c>native/door/process_group.cpp</c>, <c>gradient_reducer.cpp</c> and
/// <c>shared_memory.cpp</c>.</content>
internal static unsafe partial class Door
{
    [LibraryImport(Library)]
    public static partial int hone_has_process_groups();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int hone_store_open(
        string host, int port, int isServer, long milliseconds, string prefix, out nint store, out int boundPort);

    [LibraryImport(Library)]
    public static partial void hone_store_close(nint store);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int hone_store_set(nint store, string key, byte* bytes, int length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int hone_store_get(nint store, string key, byte* bytes, int capacity, out int length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int hone_store_add(nint store, string key, long delta, out long value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int hone_group_join(
        nint store, int rank, int size, string networkInterface, string address, long milliseconds, out nint group);

    [LibraryImport(Library)]
    public static partial void hone_group_leave(nint group);

    [LibraryImport(Library)]
    public static partial int hone_group_sum(nint group, nint tensor, out nint work);

    [LibraryImport(Library)]
    public static partial int hone_group_broadcast(nint group, nint tensor, int root, out nint work);

    [LibraryImport(Library)]
    public static partial int hone_group_gather(nint group, byte* bytes, long length, byte* all, out nint work);

    [LibraryImport(Library)]
    public static partial int hone_group_barrier(nint group, out nint work);

    [LibraryImport(Library)]
    public static partial int hone_work_wait(nint work, long milliseconds, out int done);

    [LibraryImport(Library)]
    public static partial void hone_work_free(nint work);

    [LibraryImport(Library)]
    public static partial int hone_reducer_create(
        nint group, nint* parameters, int count, long bucketBytes, out nint reducer);

    [LibraryImport(Library)]
    public static partial void hone_reducer_free(nint reducer);

    [LibraryImport(Library)]
    public static partial int hone_reducer_arm(nint reducer, nint root);

    [LibraryImport(Library)]
    public static partial int hone_reducer_sent(nint reducer);

    [LibraryImport(Library)]
    public static partial int hone_reducer_finish(nint reducer);

    [LibraryImport(Library)]
    public static partial int hone_reducer_wait(nint reducer, long milliseconds, out int done);

    [LibraryImport(Library)]
    public static partial int hone_shared_create(long count, out nint tensor, out int descriptor);

    [LibraryImport(Library)]
    public static partial int hone_shared_open(int process, int descriptor, long count, out nint tensor);
}
