using System.Text;
using Hone.Text.Patterns;

namespace Hone.Text.Tests.Patterns;

public sealed class TextBlockTests
{
    // Each code point stands at the start of a block, in it, and goes beyond its end.
    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(62)]
    [InlineData(63)]
    public void All_bytes_of_every_code_point_have_its_kind(int place)
    {
        var text = new byte[2 * TextBlock.Size];
        for (var codePoint = 0; codePoint <= 0x10FFFF; codePoint++)
        {
            if (!Rune.IsValid(codePoint))
            {
                continue;
            }

            text.AsSpan().Fill((byte)'!');
            var length = new Rune(codePoint).EncodeToUtf8(text.AsSpan(place));
            var block = TextBlock.ReadAll(text, 0, TextBlock.Size);

            var bytes = ((1UL << length) - 1) << place;
            var kind = WordClasses.At(text, place, out _);
            Assert.Equal(kind == WordClass.Letter ? bytes : 0, block.Letters);
            Assert.Equal(kind == WordClass.Number ? bytes : 0, block.Digits);
            Assert.Equal(kind == WordClass.Space ? bytes : 0, block.Spaces);
            Assert.Equal(kind == WordClass.Other ? ulong.MaxValue : ~bytes, block.Others);
            Assert.Equal(~bytes | (1UL << place), block.Heads);
        }
    }
}
