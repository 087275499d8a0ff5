namespace Hone.Text.Chat.Jinja;

/// <summary>Reads what stands in a tag beside expressions: parameters, and what would load other templates.</summary>
internal sealed class HeadParser(TokenStream tokens, ExpressionParser expressions)
{
    /// <summary>Reads <c>(a, b=1)</c>.</summary>
    public (List<string> Parameters, List<Expression> Defaults) Signature()
    {
        List<string> parameters = [];
        List<Expression> defaults = [];
        tokens.Expect("(");
        while (!tokens.Current.Is(")"))
        {
            if (parameters.Count > 0)
            {
                tokens.Expect(",");
            }

            parameters.Add(tokens.Expect(TokenKind.Name).Text);
            if (tokens.SkipIf("="))
            {
                defaults.Add(expressions.Parse());
            }
            else if (defaults is [_, ..])
            {
                throw JinjaFault.Syntax("non-default argument follows default argument", tokens.Current.Line);
            }
        }

        tokens.Expect(")");
        return (parameters, defaults);
    }

    /// <summary>Reads <c>print a, b</c>.</summary>
    public OutputStatement Print()
    {
        var line = tokens.Next().Line;
        List<Expression> parts = [];
        while (tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (parts.Count > 0)
            {
                tokens.Expect(",");
            }

            parts.Add(expressions.Parse());
        }

        return new OutputStatement(line, parts);
    }

    /// <summary>Reads <c>include</c>, <c>extends</c>, <c>import</c> and <c>from</c>.</summary>
    public LoadStatement Load()
    {
        var tag = tokens.Next();
        return tag.Text switch
        {
            "include" => Include(tag.Line),
            "import" => Import(tag.Line),
            "from" => FromImport(tag.Line),
            _ => new LoadStatement(tag.Line, expressions.Parse(), []),
        };
    }

    private LoadStatement Include(int line)
    {
        var template = expressions.Parse();
        if (tokens.Current.IsName("ignore") && tokens.Look().IsName("missing"))
        {
            tokens.Next();
            tokens.Next();
        }

        SkipContext();
        return new LoadStatement(line, template, []);
    }

    private LoadStatement Import(int line)
    {
        var template = expressions.Parse();
        tokens.ExpectName("as");
        var name = tokens.Expect(TokenKind.Name).Text;
        SkipContext();
        return new LoadStatement(line, template, [name]);
    }

    private LoadStatement FromImport(int line)
    {
        var template = expressions.Parse();
        tokens.ExpectName("import");
        List<string> names = [];
        do
        {
            if (names.Count > 0 && SkipContext())
            {
                break;
            }

            var name = tokens.Expect(TokenKind.Name);
            if (name.Text.StartsWith('_'))
            {
                throw JinjaFault.Assertion("names starting with an underline can not be imported", name.Line);
            }

            names.Add(tokens.SkipIfName("as") ? tokens.Expect(TokenKind.Name).Text : name.Text);
        }
        while (!SkipContext() && tokens.SkipIf(","));
        return new LoadStatement(line, template, names);
    }

    private bool SkipContext()
    {
        if ((!tokens.Current.IsName("with") && !tokens.Current.IsName("without")) || !tokens.Look().IsName("context"))
        {
            return false;
        }

        tokens.Next();
        tokens.Next();
        return true;
    }
}
