namespace Hone.Text.Chat.Jinja;

/// <summary>Cuts a template into tokens. Blanks follow <c>trim_blocks</c> and <c>lstrip_blocks</c>, as chat templates
/// are written for: a newline after a block is dropped, and so are blanks before one that begins a line.</summary>
internal sealed class Lexer
{
    private readonly string _source;
    private int _position;
    private int _line = 1;
    private bool _atLineStart = true;

    /// <summary>Takes a template; one newline at its end does not count.</summary>
    public Lexer(string source)
    {
        var text = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        _source = text.EndsWith('\n') ? text[..^1] : text;
    }

    /// <summary>The tokens, made one by one.</summary>
    public IEnumerable<Token> Read()
    {
        while (_position < _source.Length)
        {
            var tag = FindTag();
            if (tag < 0)
            {
                yield return new Token(TokenKind.Data, _source[_position..], _line);
                yield break;
            }

            var sign = SignAt(tag + 2);
            var kind = _source[tag + 1];
            if (TakeData(tag, sign, stripsBlanks: kind != '{') is { } data)
            {
                yield return data;
            }

            var begin = tag + 2 + (sign == ' ' ? 0 : 1);
            switch (kind)
            {
                case '#':
                    SkipComment(begin);
                    break;
                case '%' when RawEnd(begin) is { } raw:
                    foreach (var text in ReadRaw(raw))
                    {
                        yield return text;
                    }

                    break;
                default:
                    foreach (var token in ReadTag(begin, isBlock: kind == '%'))
                    {
                        yield return token;
                    }

                    break;
            }
        }
    }

    private IEnumerable<Token> ReadTag(int begin, bool isBlock)
    {
        yield return new Token(isBlock ? TokenKind.BlockBegin : TokenKind.VariableBegin, "", _line);
        var tag = new TagLexer(_source, begin, _line, isBlock);
        while (tag.Next() is { } token)
        {
            yield return token;
        }

        (_position, _line) = (tag.Position, tag.Line);
        _atLineStart = EndsLine();
    }

    /// <summary>Takes the text before a tag, without the blanks that the tag takes away.</summary>
    private Token? TakeData(int tag, char sign, bool stripsBlanks)
    {
        var text = _source.AsSpan(_position, tag - _position);
        var kept = text;
        if (sign == '-')
        {
            kept = PythonText.TrimEnd(text);
        }
        else if (sign != '+' && stripsBlanks)
        {
            var lineStart = text.LastIndexOf('\n') + 1;
            if ((lineStart > 0 || _atLineStart) && PythonText.IsBlank(text[lineStart..]))
            {
                kept = text[..lineStart];
            }
        }

        var data = new Token(TokenKind.Data, kept.ToString(), _line);
        _line += text.Count('\n');
        _position = tag;
        return kept.IsEmpty ? null : data;
    }

    private void SkipComment(int begin)
    {
        var end = _source.IndexOf("#}", begin, StringComparison.Ordinal);
        if (end < 0)
        {
            throw JinjaFault.Syntax("Missing end of comment tag", _line);
        }

        MoveTo(TagLexer.AfterEnd(_source, end + 2, end > begin ? _source[end - 1] : ' ', isBlock: true));
    }

    /// <summary>Reads what stands between <c>raw</c> and <c>endraw</c>.</summary>
    private IEnumerable<Token> ReadRaw(int begin)
    {
        MoveTo(begin);
        for (var tag = begin; (tag = _source.IndexOf("{%", tag, StringComparison.Ordinal)) >= 0; tag++)
        {
            var sign = SignAt(tag + 2);
            var name = SkipBlanks(tag + 2 + (sign == ' ' ? 0 : 1));
            if (!_source.AsSpan(name).StartsWith("endraw"))
            {
                continue;
            }

            var end = SkipBlanks(name + 6);
            var close = SignAt(end) == ' ' ? end : end + 1;
            if (!_source.AsSpan(close).StartsWith("%}"))
            {
                continue;
            }

            if (TakeData(tag, sign, stripsBlanks: true) is { } data)
            {
                yield return data;
            }

            MoveTo(TagLexer.AfterEnd(_source, close + 2, close > end ? _source[end] : ' ', isBlock: true));
            yield break;
        }

        throw JinjaFault.Syntax("Missing end of raw directive", _line);
    }

    /// <summary>Where the text begins after a tag <c>raw</c> whose inside begins at <paramref name="begin"/>; null
    /// where it is another tag.</summary>
    private int? RawEnd(int begin)
    {
        var name = SkipBlanks(begin);
        if (!_source.AsSpan(name).StartsWith("raw"))
        {
            return null;
        }

        var end = SkipBlanks(name + 3);
        var rest = _source.AsSpan(end);
        return rest.StartsWith("-%}") ? SkipBlanks(end + 3) : rest.StartsWith("%}") ? end + 2 : null;
    }

    private int FindTag()
    {
        for (var brace = _position; (brace = _source.IndexOf('{', brace)) >= 0; brace++)
        {
            if (brace + 1 < _source.Length && _source[brace + 1] is '{' or '%' or '#')
            {
                return brace;
            }
        }

        return -1;
    }

    private char SignAt(int index) => index < _source.Length && _source[index] is '-' or '+' ? _source[index] : ' ';

    private int SkipBlanks(int index)
    {
        while (index < _source.Length && PythonText.IsBlank(_source[index]))
        {
            index++;
        }

        return index;
    }

    private void MoveTo(int position)
    {
        _line += _source.AsSpan(_position, position - _position).Count('\n');
        _position = position;
        _atLineStart = EndsLine();
    }

    private bool EndsLine() => _source[_position - 1] == '\n';
}
