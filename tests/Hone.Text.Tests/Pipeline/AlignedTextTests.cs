using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Tests.Pipeline;

public sealed class AlignedTextTests
{
    [Fact]
    public void Each_byte_knows_the_code_point_it_came_from()
    {
        var text = new AlignedText();
        text.Set("a😀é", tracks: true);

        // a is byte 0; 😀 is bytes 1 to 4 and one code point; é is bytes 5 and 6.
        Assert.Equal([0, 1, 1, 1, 1, 2, 2], Enumerable.Range(0, text.Length).Select(text.StartOf));
        Assert.Equal([1, 2, 2, 2, 2, 3, 3], Enumerable.Range(0, text.Length).Select(text.EndOf));
    }

    [Fact]
    public void A_rewrite_gives_insertions_the_span_of_what_stands_before_and_skips_what_is_removed()
    {
        var source = new AlignedText();
        var target = new AlignedText();
        source.Set("abcd", tracks: true);
        target.Clear(tracks: true);
        var rewrite = new TextRewrite(source, target);
        rewrite.Put(new Rune('x'), 0);      // for a
        rewrite.Put(new Rune('y'), 1);      // after it
        rewrite.Put(new Rune('z'), -1);     // for b, and c goes
        rewrite.Put(new Rune('w'), 0);      // for d

        Assert.Equal("xyzw", Encoding.UTF8.GetString(target.Bytes));
        Assert.Equal([0, 0, 1, 3], Enumerable.Range(0, 4).Select(target.StartOf));
        Assert.Equal([1, 1, 2, 4], Enumerable.Range(0, 4).Select(target.EndOf));
    }
}
