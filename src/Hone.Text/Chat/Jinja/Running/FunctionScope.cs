namespace Hone.Text.Chat.Jinja;

/// <summary>What runs in a frame of its own: the template, a macro, a recursive loop, a loop's test.</summary>
/// <param name="outer">The function around it.</param>
internal sealed class FunctionScope(FunctionScope? outer)
{
    // What reading a template may cost: names that are copied for the branches of its ifs.
    private const long MostEffort = 5_000_000;

    private JinjaFault? _late;
    private long _effort;

    /// <summary>How many variables it has.</summary>
    public int Slots { get; private set; }

    /// <summary>A new variable.</summary>
    public Variable Add() => new(this, Slots++);

    /// <summary>How many frames lie between this function's and the one of <paramref name="variable"/>.</summary>
    public int DistanceTo(Variable variable)
    {
        var distance = 0;
        for (var scope = this; scope != variable.Owner; scope = scope.Around)
        {
            distance++;
        }

        return distance;
    }

    /// <summary>Notes a fault that is told only if nothing else is wrong: what Python, not Jinja, would
    /// refuse.</summary>
    public void FailLate(JinjaFault fault)
    {
        if (outer is null)
        {
            _late ??= fault;
        }
        else
        {
            outer.FailLate(fault);
        }
    }

    /// <summary>Counts what reading the template costs.</summary>
    /// <exception cref="JinjaFault">It costs too much.</exception>
    public void Charge(long effort)
    {
        if (outer is not null)
        {
            outer.Charge(effort);
        }
        else if ((_effort += effort) > MostEffort)
        {
            throw JinjaFault.Limit("the template must have fewer names and branches, it has too many of both");
        }
    }

    /// <summary>Tells the first fault that was noted.</summary>
    /// <exception cref="JinjaFault">There is one.</exception>
    public void ThrowLate()
    {
        if (_late is not null)
        {
            throw _late;
        }
    }

    private FunctionScope Around => outer
        ?? throw new InvalidOperationException("a variable must belong to a function around its use");
}
