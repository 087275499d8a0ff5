using System.Text;
using Hone.Models.Generation;

namespace Hone.Models.Tests.Generation;

public sealed class StopStringsTests
{
    [Fact]
    public void A_string_is_met_across_pieces_and_inside_one()
    {
        var across = new StopStrings(["the end"]);
        var inside = new StopStrings(["zzz", "b"]);

        Assert.Equal([false, false, true], new[] { "of t", "he e", "nd." }.Select(across.Append));
        Assert.True(inside.Append("abc"));
        Assert.Equal(("the end", "b"), (across.Met, inside.Met));
    }

    [Fact]
    public void Case_and_accents_count()
    {
        Assert.False(new StopStrings(["END", "é"]).Append("end e"));
    }

    [Fact]
    public void Stops_come_after_the_tokens_that_the_reference_stops_after()
    {
        foreach (var item in Fixtures.Json(Fixtures.Golden("models", "generation", "stop_strings.json"))
            .GetProperty("cases").EnumerateArray())
        {
            var stops = new StopStrings(
                [.. item.GetProperty("stop_strings").EnumerateArray().Select(text => text.GetString()!)]);
            var decoder = Encoding.UTF8.GetDecoder();
            var pieces = item.GetProperty("piece_bytes").EnumerateArray()
                .Select(hex => Convert.FromHexString(hex.GetString()!)).ToArray();

            var met = Array.FindIndex(pieces, piece => stops.Append(Text(decoder, piece)));

            var expected = item.GetProperty("stops_after_tokens");
            Assert.Equal(expected.ValueKind == System.Text.Json.JsonValueKind.Null ? -1 : expected.GetInt32() - 1, met);
        }
    }

    private static string Text(System.Text.Decoder decoder, byte[] piece)
    {
        var text = new char[piece.Length];
        return new string(text, 0, decoder.GetChars(piece, text, flush: false));
    }
}
