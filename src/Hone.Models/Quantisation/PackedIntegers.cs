namespace Hone.Models.Quantisation;

/// <summary>
/// Integers of a few bits in 32-bit words, one after the other from the lowest bit on; of 3 bits, 32 fill three words.
/// </summary>
public static class PackedIntegers
{
    private const int WordBits = 32;

    /// <summary>Words that a number of integers take.</summary>
    /// <param name="count">Integers; a multiple of what fills whole words.</param>
    /// <param name="bits">Bits of each, 2, 3, 4 or 8.</param>
    public static int Words(int count, int bits) => count * bits / WordBits;

    /// <summary>Packs each column of a matrix.</summary>
    /// <param name="values"><c>[row, column]</c>, each below 2 to the bits.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="bits">Bits of each.</param>
    /// <returns>Words <c>[row · bits / 32, column]</c>.</returns>
    public static int[] PackColumns(ReadOnlySpan<int> values, int columns, int bits)
    {
        var rows = values.Length / columns;
        var words = new uint[Words(rows, bits) * columns];
        for (var i = 0; i < values.Length; i++)
        {
            var (row, column) = (i / columns, i % columns);
            var (word, shift) = (row * bits / WordBits, row * bits % WordBits);
            words[(word * columns) + column] |= (uint)values[i] << shift;
            if (shift + bits > WordBits)
            {
                words[((word + 1) * columns) + column] |= (uint)values[i] >> (WordBits - shift);
            }
        }

        return Array.ConvertAll(words, word => (int)word);
    }

    /// <summary>Unpacks what <see cref="PackColumns"/> packs.</summary>
    /// <param name="words"><c>[word, column]</c>.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="bits">Bits of each integer.</param>
    /// <returns><c>[row, column]</c>.</returns>
    public static int[] UnpackColumns(ReadOnlySpan<int> words, int columns, int bits)
    {
        var rows = words.Length / columns * WordBits / bits;
        var values = new int[rows * columns];
        var mask = (1u << bits) - 1;
        for (var i = 0; i < values.Length; i++)
        {
            var (row, column) = (i / columns, i % columns);
            var (word, shift) = (row * bits / WordBits, row * bits % WordBits);
            var value = (uint)words[(word * columns) + column] >> shift;
            if (shift + bits > WordBits)
            {
                value |= (uint)words[((word + 1) * columns) + column] << (WordBits - shift);
            }

            values[i] = (int)(value & mask);
        }

        return values;
    }

    /// <summary>Packs each row of a matrix; see <see cref="PackColumns"/>.</summary>
    /// <param name="values"><c>[row, column]</c>.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="bits">Bits of each.</param>
    /// <returns>Words <c>[row, column · bits / 32]</c>.</returns>
    public static int[] PackRows(ReadOnlySpan<int> values, int columns, int bits)
    {
        var rows = values.Length / columns;
        var packed = new int[rows * Words(columns, bits)];
        for (var row = 0; row < rows; row++)
        {
            PackColumns(values.Slice(row * columns, columns), 1, bits).CopyTo(
                packed.AsSpan(row * Words(columns, bits)));
        }

        return packed;
    }

    /// <summary>Unpacks what <see cref="PackRows"/> packs.</summary>
    /// <param name="words"><c>[row, word]</c>.</param>
    /// <param name="wordsInRow">Words of a row.</param>
    /// <param name="bits">Bits of each integer.</param>
    /// <returns><c>[row, column]</c>.</returns>
    public static int[] UnpackRows(ReadOnlySpan<int> words, int wordsInRow, int bits)
    {
        var columns = wordsInRow * WordBits / bits;
        var values = new int[words.Length / wordsInRow * columns];
        for (var row = 0; row < words.Length / wordsInRow; row++)
        {
            UnpackColumns(words.Slice(row * wordsInRow, wordsInRow), 1, bits).CopyTo(values.AsSpan(row * columns));
        }

        return values;
    }
}
