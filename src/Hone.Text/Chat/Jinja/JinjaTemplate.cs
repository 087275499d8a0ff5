using System.Text.Json;

namespace Hone.Text.Chat.Jinja;

/// <summary>A template in Jinja, read once and rendered as often as needed, by many threads.</summary>
/// <remarks>
/// The language is that of Jinja 3.1 as Hugging Face sets it up for chat templates: <c>trim_blocks</c> and
/// <c>lstrip_blocks</c>, <c>break</c> and <c>continue</c>, <c>tojson</c> that escapes nothing, <c>raise_exception</c>,
/// <c>strftime_now</c>, and blocks <c>generation</c>. Values do what Python's do. A template reaches nothing but what
/// it is given, changes none of it, and ends within its limits.
/// </remarks>
public sealed class JinjaTemplate
{
    private readonly JinjaLimits _limits;
    private readonly FunctionBinder _functions;

    private JinjaTemplate(string name, JinjaLimits limits, IReadOnlyList<Statement> statements)
    {
        (Name, _limits) = (name, limits);
        HasGeneration = NameWalk.HasGeneration(statements);
        _functions = new FunctionBinder(statements);
    }

    /// <summary>What messages call the template: its file, where it comes from one.</summary>
    public string Name { get; }

    /// <summary>Whether it says itself what the model is to produce, with blocks <c>generation</c>.</summary>
    public bool HasGeneration { get; }

    /// <summary>Reads a template.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="limits">How much a rendering may cost.</param>
    /// <exception cref="JinjaException">The text is not Jinja, or nests too deep.</exception>
    public static JinjaTemplate Compile(string source, string name, JinjaLimits? limits = null)
    {
        limits ??= JinjaLimits.Default;
        try
        {
            return new JinjaTemplate(name, limits, StatementParser.Parse(source, limits.SyntaxDepth));
        }
        catch (JinjaFault fault)
        {
            throw new JinjaException(name, fault.Line, fault);
        }
    }

    /// <summary>Renders the template.</summary>
    /// <param name="variables">What it can name.</param>
    /// <param name="clock">The time that it sees.</param>
    /// <exception cref="JinjaException">It fails, raises an error itself, or reaches a limit.</exception>
    public JinjaRendering Render(IReadOnlyDictionary<string, JsonElement> variables, TimeProvider clock) => Render(
        variables.ToDictionary(pair => pair.Key, pair => JsonValues.Of(pair.Value), StringComparer.Ordinal), clock);

    internal JinjaRendering Render(IReadOnlyDictionary<string, Value> variables, TimeProvider clock)
    {
        var run = new Run(variables, _limits, clock) { Blocks = _functions.Blocks };
        var output = new OutputBuffer(run.Budget);
        try
        {
            _functions.Execute(new Context(run), output);
            return new JinjaRendering(output.ToString(), output.Generated);
        }
        catch (JinjaFault fault)
        {
            throw new JinjaException(Name, fault.Line ?? (run.Line > 0 ? run.Line : null), fault);
        }
    }
}
