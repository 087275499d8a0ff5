namespace Hone.Models.Checkpoints;

/// <summary>Recognises what a file is that should have been safetensors.</summary>
internal static class ForeignFormat
{
    /// <summary>Bytes of a file's start that are enough to recognise it.</summary>
    public const int LongestSign = 64;

    /// <summary>Says in words what the file looks like and what to do, or null.</summary>
    public static string? Recognise(ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'P', (byte)'K', 3, 4, ..] =>
            "a PyTorch zip file with pickled weights; pickles can run code and are refused: convert it to safetensors",
        [0x80, >= 2 and <= 5, ..] =>
            "a pickle; pickles can run code and are refused: convert it to safetensors",
        [(byte)'G', (byte)'G', (byte)'U', (byte)'F', ..] => "GGUF; name the .gguf file itself",
        _ when start.StartsWith("version https://git-lfs"u8) =>
            "a Git LFS pointer, not the file itself; fetch it with \"git lfs pull\"",
        _ when IsWebPage(start) => "a web page (a failed download); download it again",
        _ => null,
    };

    private static bool IsWebPage(ReadOnlySpan<byte> start)
    {
        var text = start.TrimStart(" \t\r\n"u8);
        return StartsWithText(text, "<!doctype") || StartsWithText(text, "<html");
    }

    private static bool StartsWithText(ReadOnlySpan<byte> bytes, string text) =>
        bytes.Length >= text.Length && System.Text.Ascii.EqualsIgnoreCase(bytes[..text.Length], text);
}
