namespace Hone.Text;

/// <summary>A tokenizer file or a text that cannot be used. The message says where, what was found and what was
/// needed.</summary>
public sealed class TokenizerException : Exception
{
    /// <summary>Says what is wrong with the file, or the part of a file, that <paramref name="place"/> names.</summary>
    public TokenizerException(string place, string problem, Exception? cause = null)
        : base($"{place}: {problem}", cause) => Place = place;

    /// <summary>The file, with the part of it where there is one.</summary>
    public string Place { get; }
}
