using System.Text;

namespace Hone.Fuzz.Targets;

/// <summary>The vocabulary of a GGUF file.</summary>
internal sealed class GgufTarget : ITarget
{
    private const int Strings = 8;
    private const int Array = 9;

    public string Name => "gguf";

    public string FileName => "vocab.gguf";

    public IEnumerable<byte[]> Seeds(string tests) => [Pieces(), Bytes()];

    public long Read(string path) => TokenizerTarget.Read(path);

    private static byte[] Pieces() => File(
        ("ggml.model", "llama"),
        ("ggml.tokens", (string[])["<unk>", "<s>", "</s>",
            .. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"), "▁", "a", "▁a", "b", "ab"]),
        ("ggml.scores", Enumerable.Range(0, 264).Select(id => id < 259 ? 0f : -id).ToArray()),
        ("ggml.token_type",
            Enumerable.Range(0, 264).Select(id => id switch { 0 => 2, < 3 => 3, < 259 => 6, _ => 1 }).ToArray()),
        ("ggml.bos_token_id", 1u),
        ("ggml.eos_token_id", 2u));

    private static byte[] Bytes() => File(
        ("ggml.model", "gpt2"),
        ("ggml.pre", "gpt-2"),
        ("ggml.tokens",
            (string[])[.. Enumerable.Range(33, 94).Select(value => $"{(char)value}"), "Ġ", "Ċ", "He", "ll", "<|end|>"]),
        ("ggml.token_type", Enumerable.Range(0, 99).Select(id => id == 98 ? 3 : 1).ToArray()),
        ("ggml.merges", (string[])["H e", "l l"]));

    private static byte[] File(params (string Name, object Value)[] entries)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(3);
        writer.Write(0L);
        writer.Write((long)entries.Length);
        foreach (var (name, value) in entries)
        {
            Write(writer, "tokenizer." + name);
            Write(writer, value);
        }

        return stream.ToArray();
    }

    private static void Write(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.Write(Strings);
                Write(writer, text);
                break;
            case uint number:
                writer.Write(4);
                writer.Write(number);
                break;
            case string[] texts:
                Head(writer, Strings, texts.Length);
                System.Array.ForEach(texts, text => Write(writer, text));
                break;
            case float[] reals:
                Head(writer, 6, reals.Length);
                System.Array.ForEach(reals, writer.Write);
                break;
            case int[] numbers:
                Head(writer, 5, numbers.Length);
                System.Array.ForEach(numbers, writer.Write);
                break;
            default:
                throw new ArgumentException($"{value.GetType()} has no place in a header");
        }
    }

    private static void Head(BinaryWriter writer, int kind, int count)
    {
        writer.Write(Array);
        writer.Write(kind);
        writer.Write((long)count);
    }

    private static void Write(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }
}
