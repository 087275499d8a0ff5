using System.Text;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Generation;

namespace Hone.Conformance.Checks.Models;

/// <summary>After which token a text that grows token by token stops at a string.</summary>
public sealed class StopStringCheck : ICheck
{
    public string Area => "models";

    public IReadOnlyList<string> Kinds => ["generation/stop_strings"];

    public void Run(GoldenCase golden, Findings findings)
    {
        foreach (var item in golden.Record["cases"].Items)
        {
            var stops = new StopStrings([.. item["stop_strings"].Items.Select(text => text.Text)]);
            var decoder = Encoding.UTF8.GetDecoder();
            var pieces = item["piece_bytes"].Items.Select(hex => Convert.FromHexString(hex.Text)).ToArray();
            var stopped = Array.FindIndex(pieces, piece => stops.Append(Text(decoder, piece)));
            findings.Same(item["name"].Text, item.Value("stops_after_tokens")?.Whole ?? 0, stopped + 1);
        }
    }

    private static string Text(Decoder decoder, byte[] piece)
    {
        var text = new char[piece.Length];
        return new string(text, 0, decoder.GetChars(piece, text, flush: false));
    }
}
