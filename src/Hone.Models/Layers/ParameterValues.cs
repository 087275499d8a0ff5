using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>The values of parameters by name, in order; those that were left out are made when they are read.</summary>
/// <param name="parameters">The parameters with their names.</param>
internal sealed class ParameterValues(IEnumerable<KeyValuePair<string, Parameter>> parameters)
    : IReadOnlyDictionary<string, Tensor>
{
    private readonly OrderedDictionary<string, Parameter> _parameters = new(parameters, StringComparer.Ordinal);

    public int Count => _parameters.Count;

    public IEnumerable<string> Keys => _parameters.Keys;

    public IEnumerable<Tensor> Values => _parameters.Values.Select(parameter => parameter.Value);

    public Tensor this[string key] => _parameters[key].Value;

    public bool ContainsKey(string key) => _parameters.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value)
    {
        value = _parameters.TryGetValue(key, out var parameter) ? parameter.Value : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() =>
        _parameters.Select(one => KeyValuePair.Create(one.Key, one.Value.Value)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
