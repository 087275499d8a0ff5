namespace Hone.Text.Chat.Jinja;

/// <summary>Turns statements into functions that execute them.</summary>
/// <param name="scope">The names that they see.</param>
/// <param name="place">Where they stand.</param>
internal sealed class StatementBinder(Scope scope, StatementPlace place)
{
    private readonly ExpressionBinder _expressions = new(scope, place.IsSoft);
    private readonly BlockBinder _blocks = new(scope, place);

    /// <summary>Binds statements that follow each other.</summary>
    public Execution Bind(IReadOnlyList<Statement> statements)
    {
        var all = statements.Select(Bind).ToArray();
        if (all is [var only])
        {
            return only;
        }

        return frame =>
        {
            foreach (var one in all)
            {
                if (one(frame) is var flow and not Flow.Next)
                {
                    return flow;
                }
            }

            return Flow.Next;
        };
    }

    /// <summary>Binds what gives a value to a target.</summary>
    public Assignment Assign(AssignmentTarget target) => target switch
    {
        NameTarget name => AssignName(name.Name),
        NamespaceTarget name => AssignAttribute(name),
        TupleTarget tuple => Unpacking.Bind([.. tuple.Items.Select(Assign)]),
        _ => throw new InvalidOperationException($"{target.GetType().Name} cannot be bound"),
    };

    private Execution Bind(Statement statement)
    {
        var (execution, cost) = Bare(statement);
        var line = statement.Line;
        return frame =>
        {
            frame.Run.Line = line;
            frame.Run.Budget.Work(cost);
            StackGuard.Check();
            return execution(frame);
        };
    }

    private (Execution Execution, int Cost) Bare(Statement statement) => statement switch
    {
        OutputStatement output => (Output(output), 1 + output.Parts.Sum(NameWalk.SizeOf)),
        IfStatement branch => (If(branch), 1 + NameWalk.SizeOf(branch.Test)),
        ForStatement loop => (new LoopBinder(scope, place).Bind(loop), 1 + NameWalk.SizeOf(loop.Items)),
        SetStatement set => (Set(set), 1 + NameWalk.SizeOf(set.Value)),
        SetBlockStatement set => (_blocks.Set(set, Assign(set.Target)), 1 + NameWalk.SizeOf(set.Filter)),
        WithStatement with => (With(with), 1 + with.Values.Sum(NameWalk.SizeOf)),
        MacroStatement macro => (Macro(macro), 1),
        CallStatement call => (_blocks.Call(call), 1 + NameWalk.SizeOf(call.Call)),
        FilterStatement filter => (_blocks.Filter(filter), 1 + NameWalk.SizeOf(filter.Filter)),
        AutoescapeStatement autoescape => (_blocks.Autoescape(autoescape), 1 + NameWalk.SizeOf(autoescape.Value)),
        GenerationStatement generation => (_blocks.Generation(generation), 1),
        BlockStatement block => (_blocks.Named(block), 1),
        LoadStatement load => (Load(load), 1),
        JumpStatement jump => (Jump(jump), 1),
        _ => throw new InvalidOperationException($"{statement.GetType().Name} cannot be bound"),
    };

    private Execution Output(OutputStatement output)
    {
        var parts = output.Parts.Select(Part).ToArray();
        return frame =>
        {
            foreach (var part in parts)
            {
                part(frame);
            }

            return Flow.Next;
        };
    }

    private Action<Frame> Part(Expression part)
    {
        // The template's own text is HTML that is written as it stands; a quoted text is not.
        if (part is ConstantExpression { Value: TextValue { IsMarkup: true, Text: var text } })
        {
            return frame => frame.Output.Append(text);
        }

        var (value, line) = (_expressions.Bind(part), part.Line);
        return frame =>
        {
            frame.Run.Line = line;
            Write(frame, value(frame));
        };
    }

    /// <summary>Writes a value out.</summary>
    public static void Write(Frame frame, Value value)
    {
        if (frame.Run.Escapes)
        {
            frame.Output.Append(Markup.Of(value, frame.Run));
        }
        else if (value is TextValue text)
        {
            frame.Output.Append(text);
        }
        else
        {
            frame.Output.Append(value.AsText(frame.Run));
        }
    }

    private Execution If(IfStatement branch)
    {
        var soft = new StatementBinder(scope, place with { IsSoft = true });
        List<(Evaluation Test, Execution Body)> branches =
        [
            .. branch.Elifs.Prepend(branch).Select(one => (soft._expressions.Bind(one.Test), soft.Bind(one.Body))),
        ];
        var all = branches.ToArray();
        var otherwise = soft.Bind(branch.Otherwise);
        return frame =>
        {
            foreach (var (test, body) in all)
            {
                if (test(frame).IsTrue)
                {
                    return body(frame);
                }
            }

            return otherwise(frame);
        };
    }

    private Execution Set(SetStatement set)
    {
        var (value, assign) = (_expressions.Bind(set.Value), Assign(set.Target));
        var spaces = NameWalk.Spaces(set.Target).Select(name => scope.Reader(scope.Find(name)!)).ToArray();
        return frame =>
        {
            foreach (var space in spaces)
            {
                SpaceOf(space(frame));
            }

            assign(frame, value(frame));
            return Flow.Next;
        };
    }

    private Execution With(WithStatement with)
    {
        var inner = new Scope(scope.Function, scope);
        foreach (var target in with.Targets)
        {
            NameCollector.ReadTarget(inner, target, isParameter: true);
        }

        NameCollector.Read(inner, with.Body);
        var binder = new StatementBinder(inner, place.Inside());
        var (enter, body) = (inner.Entry(), binder.Bind(with.Body));
        var pairs = with.Targets.Zip(with.Values)
            .Select(pair => (Assign: binder.Assign(pair.First), Value: _expressions.Bind(pair.Second))).ToArray();
        return frame =>
        {
            enter(frame);
            foreach (var (assign, value) in pairs)
            {
                assign(frame, value(frame));
            }

            return body(frame);
        };
    }

    private Execution Macro(MacroStatement macro)
    {
        var (make, assign) = (new MacroBinder(scope).Bind(macro), AssignName(macro.Name!));
        return frame =>
        {
            assign(frame, make(frame));
            return Flow.Next;
        };
    }

    private Execution Load(LoadStatement load)
    {
        var template = _expressions.Bind(load.Template);
        return frame =>
        {
            template(frame);
            throw JinjaFault.Type("no loader for this environment specified");
        };
    }

    private Execution Jump(JumpStatement jump)
    {
        if (!place.IsInLoop)
        {
            scope.Function.FailLate(new JinjaFault(
                "SyntaxError",
                jump.IsBreak ? "'break' outside loop" : "'continue' not properly in loop",
                jump.Line));
        }

        var flow = jump.IsBreak ? Flow.Break : Flow.Continue;
        return _ => flow;
    }

    private Assignment AssignName(string name)
    {
        var write = scope.Writer(scope.Find(name)!);
        if (!place.IsTop)
        {
            return write;
        }

        return (frame, value) =>
        {
            write(frame, value);
            frame.Context.Set(name, value);
        };
    }

    private Assignment AssignAttribute(NamespaceTarget target)
    {
        var read = scope.Reader(scope.Find(target.Name)!);
        return (frame, value) => SpaceOf(read(frame)).Set(target.Attribute, value);
    }

    private static NamespaceValue SpaceOf(Value? value) => value as NamespaceValue ?? throw new JinjaFault(
        "TemplateRuntimeError", "cannot assign attribute on non-namespace object");
}
