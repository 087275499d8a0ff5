namespace Hone.Torch;

/// <summary>Shapes of the pages of a key-value cache, as <see cref="Fused.PagedAttention"/> reads them.</summary>
/// <remarks>
/// A page holds slots of all heads of one layer. Keys lie with slots side by side, so that scores need no sum across
/// lanes; values lie slot by slot. In bfloat16 what is summed over goes in pairs, as the processor's products read it.
/// In 8 bits a key or value of a head is codes times a scale; the scales of a page stand behind its codes, four bytes
/// each, and count as rows of the shape. Such pages the fused step alone reads.
/// </remarks>
/// <param name="Type">The dtype of keys and values: float32, bfloat16, or int8 for codes.</param>
/// <param name="Heads">Key-value heads.</param>
/// <param name="Dim">Numbers in a head.</param>
/// <param name="Slots">Tokens in a page: 16, 32 or 64.</param>
public readonly record struct PageLayout(DType Type, long Heads, long Dim, long Slots)
{
    private const long ValueMultiple = 16;
    private const long ScaleBytes = 4;

    /// <summary>Shape of the keys of this many pages, <c>[page, kv_head, dim / terms, slot, terms]</c>.</summary>
    public long[] Keys(long pages) => [pages, Heads, ((Dim + Terms - 1) / Terms) + Scales, Slots, Terms];

    /// <summary>Shape of the values of this many pages, <c>[page, kv_head, slot / terms, dim, terms]</c>, dim filled up
    /// to a multiple of 16.</summary>
    public long[] Values(long pages) =>
        [pages, Heads, Slots / Terms, ((Dim + ValueMultiple - 1) / ValueMultiple * ValueMultiple) + Scales, Terms];

    /// <summary>Bytes of one page, keys and values together.</summary>
    public long Bytes => (Product(Keys(1)) + Product(Values(1))) * Type.ByteSize();

    private long Scales => Type == DType.Int8 ? ScaleBytes : 0;

    private long Terms => Type == DType.BFloat16 ? 2 : 1;

    private static long Product(long[] shape) => shape.Aggregate(1L, (count, size) => count * size);
}
