namespace Hone.Text.Chat.Jinja;

/// <summary>A template that cannot be read, that fails, or that refuses what it is given.</summary>
public sealed class JinjaException : Exception
{
    internal JinjaException(string template, int? line, JinjaFault fault)
        : base($"{(line is { } at ? $"{template}:{at}" : template)}: {Words(fault)}", fault)
    {
        Template = template;
        Line = line;
        Kind = fault.Kind;
        Problem = fault.Message;
        IsLimit = fault.Kind == JinjaFault.LimitKind;
    }

    /// <summary>What the template is called: its file, where it comes from one.</summary>
    public string Template { get; }

    /// <summary>The line of the template, from 1; null where none is to blame.</summary>
    public int? Line { get; }

    /// <summary>The fault's class, as Jinja and Python name it: <c>TemplateSyntaxError</c>, <c>UndefinedError</c>,
    /// <c>TypeError</c>… <c>TemplateError</c> is what the template itself raised, <c>LimitError</c> a limit of
    /// <see cref="JinjaLimits"/>.</summary>
    public string Kind { get; }

    /// <summary>The fault alone, without its place.</summary>
    public string Problem { get; }

    /// <summary>Whether a limit ended the rendering.</summary>
    public bool IsLimit { get; }

    private static string Words(JinjaFault fault) => fault.Kind switch
    {
        JinjaFault.LimitKind => fault.Message,
        JinjaFault.RaisedKind => $"the template refuses what it is given: {fault.Message}",
        _ => $"{fault.Kind}: {fault.Message}",
    };
}
