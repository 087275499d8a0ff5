using Hone.Models.Configuration;
using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>Keys and values of all layers in pages, as <see cref="PageLayout"/> has them. Memory is taken as pages are
/// first written.</summary>
/// <remarks>PagedAttention, arXiv:2309.06180.</remarks>
internal sealed class KeyValueCache : IDisposable
{
    // Below, small pages of the system do, and cost less to take and to give back.
    private const long HugeBytes = 4 << 20;

    /// <summary>Reserves pages.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="type">The dtype of keys and values.</param>
    /// <param name="pageSize">Tokens in a page.</param>
    /// <param name="pages">Pages that there may be.</param>
    /// <param name="expected">Pages that will likely be used.</param>
    public KeyValueCache(DecoderConfig config, DType type, int pageSize, int pages, long expected)
    {
        var layout = Layout(config, type, pageSize);
        var huge = Math.Min(expected, pages) * layout.Bytes / 2 >= HugeBytes;
        Tensor Reserve(long[] shape) => TensorScope.Detach(Fused.SystemMemory(type, huge, shape));
        Keys = [.. config.Layers.Select(_ => Reserve(layout.Keys(pages)))];
        Values = [.. config.Layers.Select(_ => Reserve(layout.Values(pages)))];
    }

    /// <summary>Keys of each layer.</summary>
    public Tensor[] Keys { get; }

    /// <summary>Values of each layer.</summary>
    public Tensor[] Values { get; }

    /// <summary>Bytes that a page takes in all layers.</summary>
    public static long PageBytes(DecoderConfig config, DType type, int pageSize) =>
        config.Layers.Count * Layout(config, type, pageSize).Bytes;

    /// <summary>Copies whole pages in all layers.</summary>
    public void Copy(List<(int From, int To)> copies)
    {
        if (copies.Count == 0)
        {
            return;
        }

        using var scope = TensorScope.Open();
        var from = Tensor.From<long>(copies.Select(copy => (long)copy.From).ToArray(), copies.Count);
        var to = Tensor.From<long>(copies.Select(copy => (long)copy.To).ToArray(), copies.Count);
        foreach (var pages in Keys.Concat(Values))
        {
            pages.IndexCopyInPlace(0, to, pages.IndexSelect(0, from));
        }
    }

    public void Dispose()
    {
        foreach (var pages in Keys.Concat(Values))
        {
            pages.Dispose();
        }
    }

    private static PageLayout Layout(DecoderConfig config, DType type, int pageSize) =>
        new(type, config.Attention.KeyValueHeadCount, config.Attention.HeadSize, pageSize);
}
