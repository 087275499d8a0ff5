namespace Hone.Text.Chat.Jinja;

/// <summary>Turns expressions into functions that compute them, with every name resolved to its place.</summary>
/// <param name="scope">The names that they see.</param>
/// <param name="isSoft">Whether they may never be computed, so that an unknown filter is a fault only then.</param>
internal sealed class ExpressionBinder(Scope scope, bool isSoft)
{
    /// <summary>Binds an expression.</summary>
    public Evaluation Bind(Expression expression) => expression switch
    {
        ConstantExpression constant => _ => constant.Value,
        NameExpression name => Name(name.Name),
        AttributeExpression attribute => Lookup.Attribute(Bind(attribute.Target), attribute.Name),
        ItemExpression item => Item(item),
        SliceExpression slice => Slice(slice),
        CallExpression call => Call(call),
        FilterExpression filter => Filter(filter, Bind(filter.Target!)),
        TestExpression test => Test(test),
        UnaryExpression unary => Unary(unary),
        ChainExpression chain => Chain(chain),
        CompareExpression compare => Compare(compare),
        ConcatExpression concat => Concat(concat),
        LogicExpression logic => Logic(logic),
        ConditionalExpression conditional => Conditional(conditional),
        TupleExpression tuple => Items(tuple.Items, items => new TupleValue(items)),
        ListExpression list => Items(list.Items, items => new ListValue(items)),
        DictExpression dict => Dict(dict),
        _ => throw new InvalidOperationException($"{expression.GetType().Name} cannot be bound"),
    };

    /// <summary>Binds the filters of a block over its text.</summary>
    public Evaluation FilterOver(FilterExpression filter, Evaluation text) =>
        Filter(filter, filter.Target is FilterExpression inner ? FilterOver(inner, text) : text);

    /// <summary>Binds what a call is given.</summary>
    public Func<Frame, Arguments> Arguments(CallArguments arguments, int line)
    {
        if (arguments.Named.Select(named => named.Name).Distinct().Count() < arguments.Named.Count)
        {
            scope.Function.FailLate(new JinjaFault("SyntaxError", "keyword argument repeated", line));
        }

        var positional = arguments.Positional.Select(Bind).ToArray();
        var named = arguments.Named.Select(one => (one.Name, Value: Bind(one.Value))).ToArray();
        var rest = arguments.Rest is { } more ? Bind(more) : null;
        var namedRest = arguments.NamedRest is { } moreNamed ? Bind(moreNamed) : null;
        if (positional is [] && named is [] && rest is null && namedRest is null)
        {
            return _ => Jinja.Arguments.None;
        }

        return frame =>
        {
            List<Value> values = [.. positional.Select(one => one(frame))];
            if (rest is not null)
            {
                values.AddRange(ListValue.Of(rest(frame).Items(frame.Run), frame.Run).Values);
            }

            List<KeyValuePair<string, Value>> pairs =
                [.. named.Select(one => KeyValuePair.Create(one.Name, one.Value(frame)))];
            if (namedRest is not null)
            {
                pairs.AddRange(NamedArguments(namedRest(frame)));
            }

            return new Arguments(values, pairs);
        };
    }

    private static IEnumerable<KeyValuePair<string, Value>> NamedArguments(Value value) => value is DictValue dict
        ? dict.Entries.Select(entry => KeyValuePair.Create(
            entry.Key is TextValue name ? name.Text : throw JinjaFault.Type("keywords must be strings"), entry.Value))
        : throw JinjaFault.Type($"argument after ** must be a mapping, not {value.TypeName}");

    private Evaluation Name(string name)
    {
        var read = scope.Reader(scope.Find(name)
            ?? throw new InvalidOperationException($"the name {name} was not collected"));
        var missing = UndefinedValue.Name(name);
        return frame => read(frame) ?? missing;
    }

    private Evaluation Item(ItemExpression item)
    {
        var (owner, key) = (Bind(item.Target), Bind(item.Key));
        return item.Key is SliceExpression
            ? frame => Lookup.Slice(owner(frame), (SliceValue)key(frame), frame.Run)
            : frame => Lookup.Item(owner(frame), key(frame), frame.Run);
    }

    private Evaluation Slice(SliceExpression slice)
    {
        var (start, stop, step) = (Part(slice.Start), Part(slice.Stop), Part(slice.Step));
        return frame => new SliceValue(start(frame), stop(frame), step(frame));

        Evaluation Part(Expression? part) => part is null ? _ => NoneValue.None : Bind(part);
    }

    private Evaluation Call(CallExpression call)
    {
        var (target, arguments) = (Bind(call.Target), Arguments(call.Arguments, call.Line));
        return frame => target(frame).Call(arguments(frame), frame.Run);
    }

    private Evaluation Filter(FilterExpression filter, Evaluation target) =>
        Applied("filter", Filters.Find(filter.Name), filter.Name, filter.Line, target, filter.Arguments);

    private Evaluation Test(TestExpression test) =>
        Applied("test", Tests.Find(test.Name), test.Name, test.Line, Bind(test.Target), test.Arguments);

    private Evaluation Applied(
        string what, Builtin? builtin, string name, int line, Evaluation target, CallArguments given)
    {
        var arguments = Arguments(given, line);
        if (builtin is null)
        {
            return isSoft
                ? _ => throw new JinjaFault(
                    "TemplateRuntimeError", $"No {what} named {PythonText.Quote(name)} found.")
                : throw JinjaFault.Assertion($"No {what} named {PythonText.Quote(name)}.", line);
        }

        return given == CallArguments.None
            ? frame => builtin.Call(new Arguments([target(frame)], []), frame.Run)
            : frame =>
            {
                var first = target(frame);
                return builtin.Call(arguments(frame).With(first), frame.Run);
            };
    }

    private Evaluation Unary(UnaryExpression unary)
    {
        var operand = Bind(unary.Operand);
        return unary.Operator == "not"
            ? frame => BoolValue.Of(!operand(frame).IsTrue)
            : frame => Arithmetic.Sign(unary.Operator, operand(frame));
    }

    private Evaluation Chain(ChainExpression chain)
    {
        var first = Bind(chain.First);
        var rest = chain.Rest.Select(one => (one.Operator, Operand: Bind(one.Operand))).ToArray();
        return frame =>
        {
            var value = first(frame);
            foreach (var (symbol, operand) in rest)
            {
                value = Arithmetic.Apply(symbol, value, operand(frame), frame.Run);
            }

            return value;
        };
    }

    private Evaluation Compare(CompareExpression compare)
    {
        var first = Bind(compare.First);
        var rest = compare.Rest.Select(one => (one.Operator, Operand: Bind(one.Operand))).ToArray();
        return frame =>
        {
            var left = first(frame);
            foreach (var (symbol, operand) in rest)
            {
                var right = operand(frame);
                if (!Comparison.Holds(symbol, left, right, frame.Run))
                {
                    return BoolValue.False;
                }

                left = right;
            }

            return BoolValue.True;
        };
    }

    private Evaluation Concat(ConcatExpression concat)
    {
        var parts = concat.Parts.Select(Bind).ToArray();
        return frame =>
        {
            var texts = new TextValue[parts.Length];
            for (var index = 0; index < parts.Length; index++)
            {
                var value = parts[index](frame);
                texts[index] = value as TextValue ?? new TextValue(value.AsText(frame.Run));
            }

            return Containers.Join(texts, frame.Run, frame.Run.Escapes && texts.Any(text => text.IsMarkup));
        };
    }

    private Evaluation Logic(LogicExpression logic)
    {
        var parts = logic.Parts.Select(Bind).ToArray();
        return frame =>
        {
            var value = parts[0](frame);
            for (var index = 1; index < parts.Length && value.IsTrue == logic.IsAnd; index++)
            {
                value = parts[index](frame);
            }

            return value;
        };
    }

    private Evaluation Conditional(ConditionalExpression conditional)
    {
        var soft = new ExpressionBinder(scope, isSoft: true);
        var (test, then) = (soft.Bind(conditional.Test), soft.Bind(conditional.Then));
        var missing = new UndefinedValue(
            () => $"the inline if-expression on line {conditional.Line} evaluated to false and no else section was "
                + "defined.");
        var otherwise = conditional.Otherwise is { } given ? soft.Bind(given) : _ => missing;
        return frame => test(frame).IsTrue ? then(frame) : otherwise(frame);
    }

    private Evaluation Items(IReadOnlyList<Expression> items, Func<Value[], Value> make)
    {
        var bound = items.Select(Bind).ToArray();
        return frame =>
        {
            frame.Run.Budget.MakeItems(bound.Length);
            return make(Array.ConvertAll(bound, item => item(frame)));
        };
    }

    private Evaluation Dict(DictExpression dict)
    {
        var bound = dict.Entries.Select(Bind).ToArray();
        return frame =>
        {
            frame.Run.Budget.MakeItems(bound.Length);
            var entries = DictValue.NewEntries(frame.Run);
            for (var index = 0; index < bound.Length; index += 2)
            {
                var key = bound[index](frame);
                KeyComparer.Charge(key, frame.Run);
                entries[key] = bound[index + 1](frame);
            }

            return new DictValue(entries);
        };
    }
}
