using Hone.Text;

namespace Hone.Fuzz.Targets;

/// <summary>Loading a tokenizer and using it once.</summary>
internal static class TokenizerTarget
{
    private const string Text = "Hello  world, it's 12345 é 日本語 😀\n\tdone <s>";

    public static long Read(string path)
    {
        var tokenizer = Tokenizer.Load(path);
        var ids = tokenizer.EncodeIds(Text);
        return (4L * ids.Length) + (2L * tokenizer.Decode(ids, skipSpecialTokens: false).Length);
    }
}
