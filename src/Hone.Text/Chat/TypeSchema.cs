using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hone.Text;

/// <summary>The JSON schemas of types, as far as models are told of them.</summary>
internal static class TypeSchema
{
    private static readonly Dictionary<Type, string> Plain = new()
    {
        [typeof(sbyte)] = "integer",
        [typeof(byte)] = "integer",
        [typeof(short)] = "integer",
        [typeof(ushort)] = "integer",
        [typeof(int)] = "integer",
        [typeof(uint)] = "integer",
        [typeof(long)] = "integer",
        [typeof(ulong)] = "integer",
        [typeof(BigInteger)] = "integer",
        [typeof(float)] = "number",
        [typeof(double)] = "number",
        [typeof(decimal)] = "number",
        [typeof(bool)] = "boolean",
        [typeof(string)] = "string",
        [typeof(char)] = "string",
        [typeof(DateOnly)] = "string",
        [typeof(DateTimeOffset)] = "string",
        [typeof(Uri)] = "string",
    };

    /// <summary>The schema of a parameter, or of what a method returns.</summary>
    /// <param name="what">What messages call it.</param>
    /// <param name="parameter">The parameter.</param>
    /// <exception cref="ArgumentException">Its type has no schema.</exception>
    public static JsonObject Of(string what, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var isLater = type.IsGenericType
            && type.GetGenericTypeDefinition() is var generic
            && (generic == typeof(Task<>) || generic == typeof(ValueTask<>));
        var schema = Of(what, isLater ? type.GetGenericArguments()[0] : type);
        if (parameter.GetCustomAttribute<AllowedValuesAttribute>() is { Values: var values })
        {
            schema["enum"] = new JsonArray([.. values.Select(value => JsonSerializer.SerializeToNode(value))]);
        }

        // A type such as object, which may be anything, may be null as well.
        if (schema.Count > 0 && new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.Nullable)
        {
            schema["nullable"] = true;
        }

        return schema;
    }

    private static JsonObject Of(string what, Type given)
    {
        var type = Nullable.GetUnderlyingType(given) ?? given;
        if (Plain.TryGetValue(type, out var name))
        {
            return new JsonObject { ["type"] = name };
        }

        if (type.IsEnum)
        {
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames(type)]) };
        }

        if (type == typeof(object) || type == typeof(JsonElement) || type == typeof(JsonNode))
        {
            return [];
        }

        if (type.IsAssignableTo(typeof(ITuple)) && type.IsGenericType)
        {
            return new JsonObject
            {
                ["type"] = "array",
                ["prefixItems"] = new JsonArray([.. type.GetGenericArguments().Select(item => Of(what, item))]),
            };
        }

        if (ArgumentsOf(type, typeof(IReadOnlyDictionary<,>)) is [var key, var value] && key == typeof(string))
        {
            var schema = new JsonObject { ["type"] = "object" };
            if (Of(what, value) is { Count: > 0 } values)
            {
                schema["additionalProperties"] = values;
            }

            return schema;
        }

        return ArgumentsOf(type, typeof(IEnumerable<>)) is [var element]
            ? new JsonObject { ["type"] = "array", ["items"] = Of(what, element) }
            : throw new ArgumentException(
                $"{what} must be a number, a text, a truth value, an enum, a list, a tuple, a dictionary with texts as "
                + $"keys, or any object, got {type}");
    }

    /// <summary>The type arguments of a generic interface that a type is or has.</summary>
    private static Type[]? ArgumentsOf(Type type, Type generic) =>
        type.GetInterfaces().Prepend(type)
            .FirstOrDefault(one => one.IsGenericType && one.GetGenericTypeDefinition() == generic)?
            .GetGenericArguments();
}
