using Hone.Text.Pipeline;

namespace Hone.Text.Patterns;

/// <summary>A regular expression over UTF-8, matched by backtracking without recursion into the text.</summary>
/// <remarks>
/// The runtime's own expressions work on UTF-16: there \p{L} misses letters beyond U+FFFF and \s differs. Known
/// patterns have scanners of their own; see <see cref="PatternLibrary"/>.
/// </remarks>
internal sealed class RegexPattern : IPattern
{
    private readonly string _pattern;
    private readonly RegexProgram _program;
    private readonly int _marks;
    private readonly int _leading;
    private RegexMatcher? _idle;

    /// <summary>Compiles <paramref name="pattern"/>.</summary>
    /// <exception cref="FormatException">It is not a regular expression, or uses what is not supported; the message
    /// says what and where.</exception>
    public RegexPattern(string pattern, RegexSyntax syntax)
    {
        _pattern = pattern;
        _program = RegexCompiler.Compile(RegexParser.Parse(pattern, syntax), out _marks, out _leading);
    }

    /// <inheritdoc/>
    public bool Find(ReadOnlySpan<byte> text, int from, out int start, out int end)
    {
        // The working memory is leased, so that threads share the pattern and no search allocates.
        var matcher = Interlocked.Exchange(ref _idle, null) ?? new RegexMatcher(_pattern, _marks, _leading);
        matcher.Begin(text.Length);
        for (start = from; start <= text.Length; start += start < text.Length ? Utf8Text.LengthAt(text, start) : 1)
        {
            end = matcher.Match(_program, text, start);
            if (end >= 0)
            {
                _idle = matcher;
                return true;
            }
        }

        _idle = matcher;
        end = start;
        return false;
    }
}
