namespace Hone.Text.Tests;

/// <summary>Files with a few bytes changed: each is read, or refused in words.</summary>
public sealed class BrokenFileTests
{
    private const int Rounds = 200;

    public static TheoryData<string> Files =>
    [
        .. Directory.GetFiles(Fixtures.Local(""), "tokenizer.json", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Fixtures.Pieces(""), "tokenizer.model", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Fixtures.Local(".."), file))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_changed_file_is_read_or_refused_in_words(string file)
    {
        var original = File.ReadAllBytes(Path.Combine(Fixtures.Local(".."), file));
        var random = new Random(original.Length);
        using var folder = new TemporaryFolder();
        var target = Path.Combine(folder.Path, Path.GetFileName(file));
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            File.WriteAllBytes(target, Changed(original, random));
            try
            {
                var tokenizer = Tokenizer.Load(target);
                var ids = tokenizer.Encode("Hello  wörld 你好 12\n<s>").Ids;
                tokenizer.Decode(ids, skipSpecialTokens: true);
                Assert.DoesNotContain(ids, id => id < 0 || id >= tokenizer.VocabularySize);
            }
            catch (TokenizerException refusal)
            {
                // Refused, as it should be; any other exception fails the test.
                Assert.NotEmpty(refusal.Message);
                refused++;
            }
        }

        // A quarter of the files is cut off somewhere: reading them all would mean that nothing is looked at.
        Assert.InRange(refused, 1, Rounds);
    }

    private static byte[] Changed(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        if (random.Next(4) == 0)
        {
            return bytes[..random.Next(bytes.Length)];
        }

        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var place = random.Next(bytes.Length);
            bytes[place] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => bytes[random.Next(bytes.Length)],
                _ => "0129-\"[]{},:ntf"u8[random.Next(15)],
            };
        }

        return bytes;
    }
}
