using System.Text;
using Hone.Data.Hub;

namespace Hone.Data.Tests.Hub;

public sealed class BlobHashTests
{
    [Theory]
    // printf 'hello\n' | git hash-object --stdin; printf 'hello\n' | sha256sum
    [InlineData("ce013625030ba8dba906f756967f9e9ca394464a")]
    [InlineData("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")]
    public void Forty_digits_are_gits_and_sixty_four_are_sha256(string hex)
    {
        using var hash = BlobHash.TryParse($"\"{hex}\"")!.Begin(6);
        hash.AppendData(Encoding.ASCII.GetBytes("hello\n"));

        Assert.Equal(hex, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Theory]
    [InlineData("W/\"CE013625030BA8DBA906F756967F9E9CA394464A\"", "ce013625030ba8dba906f756967f9e9ca394464a")]
    [InlineData("\"d41d8cd98f00b204e9800998ecf8427e\"", null)]
    [InlineData("\"../../../../../../../../../../../../etc/a\"", null)]
    [InlineData("", null)]
    public void Tags_may_be_weak_and_of_any_case_but_nothing_else(string tag, string? hex) =>
        Assert.Equal(hex, BlobHash.TryParse(tag)?.Hex);
}
