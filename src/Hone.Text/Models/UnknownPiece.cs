using System.Text;

namespace Hone.Text.Models;

/// <summary>The fault of a text that holds what a vocabulary cannot express.</summary>
internal static class UnknownPiece
{
    /// <summary>Says which piece, and which token is missing.</summary>
    public static TokenizerException Fault(ReadOnlySpan<byte> piece, string? unknownToken) => new(
        "tokenizer",
        $"the text has \"{Encoding.UTF8.GetString(piece)}\", which no token of the vocabulary expresses, and "
        + (unknownToken is null
            ? "the model names no token for what is unknown"
            : $"its token for what is unknown, \"{unknownToken}\", is not in the vocabulary"));
}
