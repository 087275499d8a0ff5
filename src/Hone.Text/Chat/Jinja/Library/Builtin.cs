namespace Hone.Text.Chat.Jinja;

/// <summary>A filter, a test, a method or a function that the interpreter has.</summary>
internal sealed class Builtin
{
    private readonly string[] _parameters;
    private readonly int _required;
    private readonly Func<Run, Value?[], Value>? _body;
    private readonly Func<Run, Arguments, Value>? _freeBody;

    /// <summary>A function with fixed parameters.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parameters">The names of its parameters; one with <c>?</c> need not be given, and is null
    /// then.</param>
    /// <param name="body">Computes it from the run and its arguments, in the order of the parameters.</param>
    public Builtin(string name, string[] parameters, Func<Run, Value?[], Value> body)
    {
        Name = name;
        _required = parameters.Count(parameter => !parameter.EndsWith('?'));
        _parameters = [.. parameters.Select(parameter => parameter.TrimEnd('?'))];
        _body = body;
    }

    /// <summary>A function that takes what it is given.</summary>
    public Builtin(string name, Func<Run, Arguments, Value> body)
    {
        Name = name;
        _parameters = [];
        _freeBody = body;
    }

    /// <summary>The function's name.</summary>
    public string Name { get; }

    /// <summary>Calls it.</summary>
    /// <exception cref="JinjaFault">The arguments do not fit.</exception>
    public Value Call(Arguments arguments, Run run)
    {
        run.Budget.Work(1);
        return _freeBody is not null ? _freeBody(run, arguments) : _body!(run, Bind(arguments));
    }

    private Value?[] Bind(Arguments arguments)
    {
        var given = arguments.Positional;
        if (given.Count > _parameters.Length)
        {
            throw JinjaFault.Type(_parameters.Length == 0
                ? $"{Name}() takes no arguments ({given.Count} given)"
                : $"{Name}() takes {_parameters.Length} positional arguments but {given.Count} were given");
        }

        var values = new Value?[_parameters.Length];
        for (var place = 0; place < given.Count; place++)
        {
            values[place] = given[place];
        }

        foreach (var (name, value) in arguments.Named)
        {
            var place = Array.IndexOf(_parameters, name);
            if (place < 0)
            {
                throw JinjaFault.Type($"{Name}() got an unexpected keyword argument '{name}'");
            }

            values[place] = values[place] is null
                ? value
                : throw JinjaFault.Type($"{Name}() got multiple values for argument '{name}'");
        }

        for (var place = 0; place < _required; place++)
        {
            if (values[place] is null)
            {
                throw JinjaFault.Type($"{Name}() missing 1 required positional argument: '{_parameters[place]}'");
            }
        }

        return values;
    }
}
