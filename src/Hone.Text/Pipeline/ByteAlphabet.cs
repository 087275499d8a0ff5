namespace Hone.Text.Pipeline;

/// <summary>The alphabet of byte-level tokenizers: a printable letter for each byte.</summary>
/// <remarks>
/// Printable bytes of Latin-1 stand for themselves; the others, in order, for the code points from 256 on. Radford et
/// al. 2019 (GPT-2), whose code defines it.
/// </remarks>
internal static class ByteAlphabet
{
    private const int FirstSubstitute = 256;

    private static readonly char[] Letters = MakeLetters();
    private static readonly short[] Bytes = MakeBytes();

    /// <summary>The letter of a byte.</summary>
    public static char LetterOf(byte value) => Letters[value];

    /// <summary>The byte of a letter, −1 for a character outside of the alphabet.</summary>
    public static int ByteOf(char letter) => letter < Bytes.Length ? Bytes[letter] : -1;

    /// <summary>The bytes that <paramref name="letters"/> stands for; null where a character is outside of the
    /// alphabet.</summary>
    public static byte[]? BytesOf(string letters)
    {
        var bytes = new byte[letters.Length];
        for (var index = 0; index < letters.Length; index++)
        {
            if (ByteOf(letters[index]) is not (>= 0 and var value))
            {
                return null;
            }

            bytes[index] = (byte)value;
        }

        return bytes;
    }

    /// <summary>The letters that stand for <paramref name="bytes"/>.</summary>
    public static string LettersOf(byte[] bytes) => string.Create(bytes.Length, bytes, (letters, from) =>
    {
        for (var index = 0; index < from.Length; index++)
        {
            letters[index] = Letters[from[index]];
        }
    });

    private static char[] MakeLetters()
    {
        var letters = new char[256];
        var substitute = FirstSubstitute;
        for (var value = 0; value < letters.Length; value++)
        {
            var isPrintable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            letters[value] = (char)(isPrintable ? value : substitute++);
        }

        return letters;
    }

    private static short[] MakeBytes()
    {
        var bytes = new short[FirstSubstitute + 256];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < Letters.Length; value++)
        {
            bytes[Letters[value]] = (short)value;
        }

        return bytes;
    }
}
