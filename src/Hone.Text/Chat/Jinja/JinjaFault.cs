namespace Hone.Text.Chat.Jinja;

/// <summary>A fault on its way out of the interpreter, which does not yet know its template.</summary>
/// <param name="kind">Its class, as Jinja and Python name it.</param>
/// <param name="message">What is wrong.</param>
/// <param name="line">The line, where the one that is being executed is not meant.</param>
internal sealed class JinjaFault(string kind, string message, int? line = null) : Exception(message)
{
    /// <summary>The class of what <c>raise_exception</c> raises.</summary>
    public const string RaisedKind = "TemplateError";

    /// <summary>The class of what a limit raises.</summary>
    public const string LimitKind = "LimitError";

    /// <summary>The fault's class.</summary>
    public string Kind => kind;

    /// <summary>The line of the template.</summary>
    public int? Line => line;

    /// <summary>A value is of a type that cannot do what is asked.</summary>
    public static JinjaFault Type(string message) => new("TypeError", message);

    /// <summary>A value is of the right type, but cannot be taken.</summary>
    public static JinjaFault Value(string message) => new("ValueError", message);

    /// <summary>A value lacks an attribute that a filter needs.</summary>
    public static JinjaFault Attribute(Value value, string name) => value is UndefinedValue undefined
        ? undefined.Fault
        : new("AttributeError", $"'{value.TypeName}' object has no attribute '{name}'");

    /// <summary>A filter's arguments do not fit.</summary>
    public static JinjaFault FilterArgument(string message) => new("FilterArgumentError", message);

    /// <summary>The template's text is not Jinja.</summary>
    public static JinjaFault Syntax(string message, int line) => new("TemplateSyntaxError", message, line);

    /// <summary>The template's text is Jinja, but names what does not exist.</summary>
    public static JinjaFault Assertion(string message, int line) => new("TemplateAssertionError", message, line);

    /// <summary>A limit is reached.</summary>
    public static JinjaFault Limit(string message, int? line = null) => new(LimitKind, message, line);
}
