namespace Hone.Text.Chat.Jinja;

/// <summary>One rendering: what it was given, what is left of its limits, where it stands.</summary>
/// <param name="variables">What the template can name.</param>
/// <param name="limits">What it may cost.</param>
/// <param name="clock">The time that the template sees.</param>
internal sealed class Run(IReadOnlyDictionary<string, Value> variables, JinjaLimits limits, TimeProvider clock)
{
    private const int TextOverhead = 16;

    private uint _draws;

    /// <summary>What is left of the limits.</summary>
    public Budget Budget { get; } = new(limits);

    /// <summary>The line that is being executed.</summary>
    public int Line { get; set; }

    /// <summary>Whether what is written out is escaped for HTML.</summary>
    public bool Escapes { get; set; }

    /// <summary>The blocks of the template, by name.</summary>
    public IReadOnlyDictionary<string, Func<Context, OutputBuffer, Flow>> Blocks { get; init; } =
        new Dictionary<string, Func<Context, OutputBuffer, Flow>>();

    /// <summary>The time that the template sees.</summary>
    public DateTimeOffset Now => clock.GetLocalNow();

    /// <summary>The variable, null where there is none.</summary>
    public Value? Resolve(string name) =>
        variables.TryGetValue(name, out var value) ? value : Functions.Globals.GetValueOrDefault(name);

    /// <summary>A new text, counted.</summary>
    public TextValue Text(string text)
    {
        Budget.Make(text.Length + TextOverhead);
        return new TextValue(text);
    }

    /// <summary>A new text that is HTML.</summary>
    public TextValue Markup(string text)
    {
        Budget.Make(text.Length + TextOverhead);
        return new TextValue(text) { IsMarkup = true };
    }

    /// <summary>A new text, HTML if <paramref name="like"/> is.</summary>
    public TextValue Text(string text, TextValue like) => like.IsMarkup ? Markup(text) : Text(text);

    /// <summary>Some number below <paramref name="limit"/>: templates have no chance, the same one gives the same text
    /// every time.</summary>
    public int Draw(int limit) => (int)(++_draws * 2_654_435_761u % (uint)limit);

    /// <summary>Makes sure that there is room for going deeper, whatever depth the values have.</summary>
    /// <exception cref="JinjaFault">There is none.</exception>
    public void CheckStack()
    {
        Budget.Work(1);
        StackGuard.Check();
    }
}
