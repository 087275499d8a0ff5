using System.Runtime.InteropServices;

namespace Hone.Torch.Tests;

public sealed class MappedFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Tensors_are_views_that_outlive_the_file_and_never_change_it()
    {
        File.WriteAllBytes(_path, MemoryMarshal.AsBytes<float>([1f, 2f, 3f, 4f]).ToArray());
        Tensor tail;
        using (var file = MappedFile.Open(_path))
        {
            Assert.Equal(16, file.Length);
            tail = file.Tensor(4, DType.Float32, 3);
        }

        Assert.Equal([2f, 3f, 4f], tail.ToArray<float>());
        tail.Fill(9);
        Assert.Equal([9f, 9f, 9f], tail.ToArray<float>());
        Assert.Equal([1f, 2f, 3f, 4f], MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(_path)));
        tail.Dispose();
    }

    [Fact]
    public void The_pages_of_a_tensor_that_is_gone_are_given_back_while_others_live()
    {
        const int count = 4 << 20; // 16 MiB each
        File.WriteAllBytes(_path, new byte[2 * 4 * count]);
        using var file = MappedFile.Open(_path);
        using var kept = file.Tensor(4 * count, DType.Float32, count);
        var gone = file.Tensor(0, DType.Float32, count);
        gone.Fill(1);
        kept.Fill(2);
        Assert.InRange(ResidentKilobytes(), 32 << 10, 33 << 10);

        gone.Dispose();

        Assert.InRange(ResidentKilobytes(), 16 << 10, 17 << 10);
        Assert.Equal(2f, kept.Mean().Item());
    }

    [Fact]
    public void What_was_written_to_a_tensor_stays_as_long_as_another_looks_at_the_same_bytes()
    {
        const int count = 1 << 20;
        File.WriteAllBytes(_path, new byte[4 * count]);
        using var file = MappedFile.Open(_path);
        using var half = file.Tensor(2 * count, DType.Float32, count / 2);
        using (var whole = file.Tensor(0, DType.Float32, count))
        {
            whole.Fill(3);
        }

        Assert.Equal(3f, half.Mean().Item());
    }

    [Fact]
    public void Unaligned_elements_are_copied()
    {
        File.WriteAllBytes(_path, [0, .. MemoryMarshal.AsBytes<float>([1f, 2f]).ToArray()]);
        using var file = MappedFile.Open(_path);
        using var tensor = file.Tensor(1, DType.Float32, 2);

        Assert.Equal([1f, 2f], tensor.ToArray<float>());
    }

    [Fact]
    public void A_tensor_outside_of_the_file_is_refused()
    {
        File.WriteAllBytes(_path, new byte[8]);
        using var file = MappedFile.Open(_path);

        var error = Assert.Throws<TorchException>(() => file.Tensor(4, DType.Float32, 2));

        Assert.Equal("a tensor of 8 bytes at 4 lies outside of the 8 bytes of the file", error.Message);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Equal(
            "/no/such/file: cannot be opened: No such file or directory",
            Assert.Throws<TorchException>(() => MappedFile.Open("/no/such/file")).Message);

    // What of the file is in memory, as the kernel counts it for this process.
    private int ResidentKilobytes() => File.ReadLines("/proc/self/smaps")
        .SkipWhile(line => !line.EndsWith(_path, StringComparison.Ordinal))
        .First(line => line.StartsWith("Rss:", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, _]
            ? int.Parse(kilobytes, System.Globalization.CultureInfo.InvariantCulture)
            : throw new InvalidDataException("smaps must say how much of a mapping is resident");
}
