namespace Hone.Text.Chat.Jinja;

/// <summary>Turns loops into functions that execute them.</summary>
/// <param name="outer">The names around the loop.</param>
/// <param name="place">Where the loop stands.</param>
internal sealed class LoopBinder(Scope outer, StatementPlace place)
{
    private const string LoopName = "loop";

    /// <summary>Binds a loop.</summary>
    public Execution Bind(ForStatement loop)
    {
        if ((NameWalk.Names(loop.Target).Contains(LoopName) ? loop.Line : NameWalk.LineThatSets(
            [.. loop.Body, .. loop.Otherwise], LoopName)) is { } line)
        {
            throw JinjaFault.Assertion("Can't assign to special loop variable in for-loop target", line);
        }

        // A recursive loop is a function of its own, which calls itself.
        var function = loop.IsRecursive ? new FunctionScope(outer.Function) : outer.Function;
        var items = new ExpressionBinder(outer, place.IsSoft).Bind(loop.Items);
        var filter = loop.Test is { } test ? Filter(loop.Target, test) : null;
        var rounds = Rounds(loop, function);
        return loop.IsRecursive
            ? Recursive(items, filter, rounds, function)
            : frame => rounds(frame, Filtered(items(frame), filter, frame), null, 0);
    }

    private static Execution Recursive(
        Evaluation items, Func<Frame, IEnumerable<Value>, IEnumerable<Value>>? filter, LoopRounds rounds,
        FunctionScope function) => frame =>
    {
        TextValue Go(Value value, int depth)
        {
            frame.Run.CheckStack();
            frame.Run.Budget.Enter();
            var inner = new Frame(frame.Context, function.Slots, frame, new OutputBuffer(frame.Run.Budget));
            rounds(inner, Filtered(value, filter, frame), Go, depth);
            frame.Run.Budget.Leave();
            return inner.Output.ToValue(frame.Run.Escapes);
        }

        frame.Output.Append(Go(items(frame), 0));
        return Flow.Next;
    };

    private static LoopItems Filtered(
        Value value, Func<Frame, IEnumerable<Value>, IEnumerable<Value>>? filter, Frame frame)
    {
        var items = value.Items(frame.Run);
        return filter is null ? new LoopItems(items, value.Count) : new LoopItems(filter(frame, items), null);
    }

    /// <summary>Binds a loop's test, which sees the target and nothing that the body sets.</summary>
    private Func<Frame, IEnumerable<Value>, IEnumerable<Value>> Filter(AssignmentTarget target, Expression test)
    {
        var scope = new Scope(new FunctionScope(outer.Function), outer);
        NameCollector.ReadTarget(scope, target, isParameter: true);
        NameCollector.Read(scope, test);
        var assign = new StatementBinder(scope, default).Assign(target);
        var (enter, holds) = (scope.Entry(), new ExpressionBinder(scope, isSoft: false).Bind(test));
        return Go;

        IEnumerable<Value> Go(Frame frame, IEnumerable<Value> items)
        {
            var inner = new Frame(frame.Context, scope.Function.Slots, frame, frame.Output);
            enter(inner);
            foreach (var item in items)
            {
                frame.Run.Budget.Work(1);
                assign(inner, item);
                if (holds(inner).IsTrue)
                {
                    yield return item;
                }
            }
        }
    }

    private LoopRounds Rounds(ForStatement loop, FunctionScope function)
    {
        var scope = new Scope(function, outer);
        var usesLoop = loop.IsRecursive || NameWalk.Uses(loop.Body, LoopName)
            || NameWalk.HasScopedBlock(loop.Body);
        var setLoop = usesLoop ? scope.Writer(scope.Declare(LoopName)) : null;
        NameCollector.ReadTarget(scope, loop.Target, isParameter: true);
        NameCollector.Read(scope, loop.Body);
        var binder = new StatementBinder(scope, new StatementPlace(IsTop: false, IsInLoop: true, IsSoft: false));
        var (assign, enter, body) = (binder.Assign(loop.Target), scope.Entry(), binder.Bind(loop.Body));
        var otherwise = Otherwise(loop, function);
        return (frame, items, recurse, depth) =>
        {
            var state = new LoopValue(items, recurse, depth);
            var isComplete = false;
            while (state.Next(frame.Run) is { } item)
            {
                setLoop?.Invoke(frame, state);
                assign(frame, item);
                enter(frame);
                var flow = body(frame);
                isComplete |= flow == Flow.Next;
                if (flow == Flow.Break)
                {
                    break;
                }
            }

            return isComplete ? Flow.Next : otherwise(frame);
        };
    }

    private Execution Otherwise(ForStatement loop, FunctionScope function)
    {
        if (loop.Otherwise is [])
        {
            return _ => Flow.Next;
        }

        var scope = new Scope(function, outer);
        NameCollector.Read(scope, loop.Otherwise);
        var (enter, body) = (
            scope.Entry(),
            new StatementBinder(scope, place.Inside() with { IsInLoop = place.IsInLoop && !loop.IsRecursive })
                .Bind(loop.Otherwise));
        return frame =>
        {
            enter(frame);
            return body(frame);
        };
    }
}
