using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hone.Text;

/// <summary>Makes of methods what a model is told of tools: a name, a description, and a JSON schema of the
/// parameters.</summary>
/// <remarks>
/// The result is that of transformers' <c>get_json_schema</c> for the same function in Python. What we changed:
/// descriptions are attributes (<c>[Description("…")]</c> of the method, of each parameter and, where there is
/// something to say, of the return value), choices are <c>[AllowedValues]</c> or an enum.
/// </remarks>
public static class ToolSchema
{
    private static readonly Type[] Nothing = [typeof(void), typeof(Task), typeof(ValueTask)];

    /// <summary>The schema of a method.</summary>
    /// <param name="tool">The method. A parameter of the type <see cref="CancellationToken"/> is none of the
    /// model's.</param>
    /// <param name="name">What the model calls it; null for the method's own name.</param>
    /// <exception cref="ArgumentException">A description or a name is missing, or a type has no schema.</exception>
    public static JsonElement Of(Delegate tool, string? name = null)
    {
        var method = tool.Method;
        name ??= method.Name;
        if (!name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.'))
        {
            throw new ArgumentException(
                $"{name}: a tool's name must be letters, digits, _, - and . alone; give it a name", nameof(tool));
        }

        var function = new JsonObject
        {
            ["name"] = name,
            ["description"] = Description(method) ?? throw new ArgumentException(
                $"{name}: a tool must have a [Description], it has none", nameof(tool)),
            ["parameters"] = Parameters(name, method),
        };
        if (Result(name, method) is { } result)
        {
            function["return"] = result;
        }

        return JsonSerializer.SerializeToElement(new JsonObject { ["type"] = "function", ["function"] = function });
    }

    /// <summary>The schemas of several methods, as <see cref="ConversationInputs.Tools"/> takes them.</summary>
    /// <inheritdoc cref="Of"/>
    /// <param name="tools">The methods.</param>
    public static JsonElement ListOf(params IReadOnlyList<Delegate> tools) =>
        JsonSerializer.SerializeToElement(tools.Select(tool => Of(tool)));

    private static JsonObject Parameters(string tool, MethodInfo method)
    {
        var (properties, required) = (new JsonObject(), new JsonArray());
        foreach (var parameter in method.GetParameters().Where(one => one.ParameterType != typeof(CancellationToken)))
        {
            var schema = TypeSchema.Of($"{tool}: the parameter \"{parameter.Name}\"", parameter);
            schema["description"] = Description(parameter) ?? throw new ArgumentException(
                $"{tool}: each parameter must have a [Description], \"{parameter.Name}\" has none", nameof(method));
            properties[parameter.Name!] = schema;
            if (!parameter.HasDefaultValue)
            {
                required.Add(parameter.Name);
            }
        }

        var all = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
        {
            all["required"] = required;
        }

        return all;
    }

    private static JsonObject? Result(string tool, MethodInfo method)
    {
        if (Nothing.Contains(method.ReturnType))
        {
            return null;
        }

        var schema = TypeSchema.Of($"{tool}: the return value", method.ReturnParameter);
        if (Description(method.ReturnParameter) is { } description)
        {
            schema["description"] = description;
        }

        return schema;
    }

    private static string? Description(MemberInfo member) =>
        member.GetCustomAttribute<DescriptionAttribute>()?.Description;

    private static string? Description(ParameterInfo parameter) =>
        parameter.GetCustomAttribute<DescriptionAttribute>()?.Description;
}
