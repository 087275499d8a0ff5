namespace Hone.Text.Chat.Jinja;

/// <summary>A part of a template that does something.</summary>
/// <param name="Line">The line it begins on.</param>
internal abstract record Statement(int Line);

/// <summary>Text and values that are written out; text stands as a constant.</summary>
internal sealed record OutputStatement(int Line, IReadOnlyList<Expression> Parts) : Statement(Line);

/// <summary><c>{% for target in items if test recursive %}</c>.</summary>
internal sealed record ForStatement(
    int Line,
    AssignmentTarget Target,
    Expression Items,
    IReadOnlyList<Statement> Body,
    IReadOnlyList<Statement> Otherwise,
    Expression? Test,
    bool IsRecursive) : Statement(Line);

/// <summary><c>{% if %}</c>, with all that follows it.</summary>
internal sealed record IfStatement(
    int Line,
    Expression Test,
    IReadOnlyList<Statement> Body,
    IReadOnlyList<IfStatement> Elifs,
    IReadOnlyList<Statement> Otherwise) : Statement(Line);

/// <summary><c>{% with a = 1 %}</c>.</summary>
internal sealed record WithStatement(
    int Line,
    IReadOnlyList<AssignmentTarget> Targets,
    IReadOnlyList<Expression> Values,
    IReadOnlyList<Statement> Body) : Statement(Line);

/// <summary><c>{% set a = 1 %}</c>.</summary>
internal sealed record SetStatement(int Line, AssignmentTarget Target, Expression Value) : Statement(Line);

/// <summary><c>{% set a %}…{% endset %}</c>.</summary>
internal sealed record SetBlockStatement(
    int Line, AssignmentTarget Target, FilterExpression? Filter, IReadOnlyList<Statement> Body) : Statement(Line);

/// <summary><c>{% macro name(a, b=1) %}</c>; a call block is one without a name.</summary>
internal sealed record MacroStatement(
    int Line,
    string? Name,
    IReadOnlyList<string> Parameters,
    IReadOnlyList<Expression> Defaults,
    IReadOnlyList<Statement> Body) : Statement(Line);

/// <summary><c>{% call(a) name() %}</c>.</summary>
internal sealed record CallStatement(int Line, CallExpression Call, MacroStatement Caller) : Statement(Line);

/// <summary><c>{% filter upper %}</c>.</summary>
internal sealed record FilterStatement(int Line, FilterExpression Filter, IReadOnlyList<Statement> Body)
    : Statement(Line);

/// <summary><c>{% block name %}</c>.</summary>
internal sealed record BlockStatement(
    int Line, string Name, bool IsScoped, bool IsRequired, IReadOnlyList<Statement> Body) : Statement(Line);

/// <summary><c>{% include %}</c>, <c>{% import %}</c>, <c>{% extends %}</c>: there is nothing to load from.</summary>
internal sealed record LoadStatement(int Line, Expression Template, IReadOnlyList<string> Names) : Statement(Line);

/// <summary><c>{% autoescape true %}</c>.</summary>
internal sealed record AutoescapeStatement(int Line, Expression Value, IReadOnlyList<Statement> Body)
    : Statement(Line);

/// <summary><c>{% generation %}</c>: what the model is to produce.</summary>
internal sealed record GenerationStatement(int Line, MacroStatement Body) : Statement(Line);

/// <summary><c>{% break %}</c> or <c>{% continue %}</c>.</summary>
internal sealed record JumpStatement(int Line, bool IsBreak) : Statement(Line);

/// <summary>What a value is given to.</summary>
/// <param name="Line">The line it stands on.</param>
internal abstract record AssignmentTarget(int Line);

/// <summary>A variable.</summary>
internal sealed record NameTarget(int Line, string Name) : AssignmentTarget(Line);

/// <summary><c>name.attribute</c> of a namespace.</summary>
internal sealed record NamespaceTarget(int Line, string Name, string Attribute) : AssignmentTarget(Line);

/// <summary>Several targets, for the items of a value.</summary>
internal sealed record TupleTarget(int Line, IReadOnlyList<AssignmentTarget> Items) : AssignmentTarget(Line);
