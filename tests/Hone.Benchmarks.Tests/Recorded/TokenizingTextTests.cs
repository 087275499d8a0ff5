using System.IO.Compression;
using Hone.Benchmarks.Recorded;

namespace Hone.Benchmarks.Tests.Recorded;

public sealed class TokenizingTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Documents_come_in_the_order_that_was_recorded()
    {
        using (var zip = new GZipStream(
            File.Create(Path.Combine(_folder.Path, TokenizingText.DocumentsFile)), CompressionLevel.Fastest))
        {
            zip.Write("{\"text\": \"no\"}\n{\"text\": \"größe\"}\n"u8);
        }

        File.WriteAllBytes(Path.Combine(_folder.Path, TokenizingText.OrderFile), [1, 0, 0, 0, 1, 0]);

        var text = TokenizingText.Read(_folder.Path, long.MaxValue);

        Assert.Equal(["größe", "no", "größe"], text.Documents);
        Assert.Equal(7 + 2 + 7, text.Bytes);
        Assert.NotSame(text.Documents[0], text.Documents[2]);
    }

    [Fact]
    public void The_peers_file_is_taken_where_it_is_and_no_further_than_needed()
    {
        File.WriteAllText(Path.Combine(_folder.Path, TokenizingText.PeersFile),
            "{\"text\": \"abc\"}\n{\"text\": \"de\"}\n{\"text\": \"f\"}\n");

        var text = TokenizingText.Read(_folder.Path, 4);

        Assert.True(TokenizingText.IsIn(_folder.Path));
        Assert.Equal(["abc", "de"], text.Documents);
        Assert.Equal(5, text.Bytes);

        // sha256 of abcde
        Assert.Equal("36bbe50ed96841d10443bcb670d6554f0a34b761be67ec9c4a8ad2c0c44ca42c", text.Digest());
    }

    [Fact]
    public void A_folder_without_the_text_does_not_have_it() => Assert.False(TokenizingText.IsIn(_folder.Path));

    public void Dispose() => _folder.Dispose();
}
