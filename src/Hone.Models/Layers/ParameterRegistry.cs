using Hone.Models.Quantisation;
using Hone.Torch;
using Hone.Torch.Random;

namespace Hone.Models.Layers;

/// <summary>The parameters that a decoder's modules ask for, in a fixed order, and the matrices that some form
/// together.</summary>
/// <param name="clock">What all parameters share.</param>
/// <param name="storedName">The name that a parameter is stored under; two that are stored under one name are
/// one.</param>
internal sealed class ParameterRegistry(WeightClock clock, Func<string, string>? storedName = null) : IDisposable
{
    private readonly List<Parameter> _all = [];
    private readonly OrderedDictionary<string, Parameter> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Parameter, (Parameter Whole, Parameter[] Parts)> _joined = [];

    public WeightClock Clock => clock;

    /// <summary>All parameters by themselves.</summary>
    public IReadOnlyList<Parameter> All => _all;

    /// <summary>Those that have values, made already.</summary>
    public IEnumerable<Parameter> Made => _all.Where(parameter => parameter.HasValue);

    /// <summary>The parameters by the names that were asked for; one that is used in several places has
    /// several.</summary>
    public IReadOnlyDictionary<string, Parameter> ByName => _byName;

    /// <summary>Asks for a parameter.</summary>
    public Parameter Add(string name, long[] shape, FreshValue fresh, bool trainable = true)
    {
        var stored = storedName?.Invoke(name) ?? name;
        var parameter = storedName is null ? null : _all.Find(one => one.Spec.Name == stored);
        if (parameter is null)
        {
            parameter = new Parameter(new ParameterSpec(stored, shape, fresh, trainable), clock);
            _all.Add(parameter);
        }

        _byName.Add(name, parameter);
        return parameter;
    }

    /// <summary>Lays parameters of equal width one below the other in memory, so that they multiply as one
    /// matrix.</summary>
    /// <returns>The whole, which is not a parameter of its own: a change of a part is a change of it.</returns>
    public Parameter Join(Parameter[] parts)
    {
        if (_joined.TryGetValue(parts[0], out var before))
        {
            return before.Whole;
        }

        long[] shape = [parts.Sum(part => part.Spec.Shape[0]), .. parts[0].Spec.Shape[1..]];
        var whole = new Parameter(
            new ParameterSpec(string.Join(" + ", parts.Select(part => part.Spec.Name)), shape, FreshValue.Zero), clock);
        _joined.Add(parts[0], (whole, parts));
        var row = 0L;
        foreach (var part in parts)
        {
            part.PlaceIn(whole, row);
            row += part.Spec.Shape[0];
        }

        return whole;
    }

    /// <summary>Gives every parameter its values, by a function that may return a tensor of any floating-point
    /// type.</summary>
    /// <param name="storage">The dtype that matrices are kept in; vectors are kept in float32, in which norms
    /// compute.</param>
    /// <param name="make">Makes the values of a parameter.</param>
    /// <param name="check">Looks at all parameters before room is made for any; may refuse.</param>
    /// <param name="code">Makes the codes of a parameter that is kept in 4 bits; null for one that is not.</param>
    /// <param name="later">Calls <see cref="FillRest"/> when somebody reads a matrix, which are left out here; null:
    /// all are filled.</param>
    public void Fill(
        DType storage, Func<ParameterSpec, Tensor> make, Action<ParameterSpec>? check = null,
        Func<Parameter, FourBitWeight?>? code = null, Action? later = null)
    {
        _all.ForEach(parameter => check?.Invoke(parameter.Spec));
        foreach (var parameter in Owners().Where(parameter => later is not null && parameter.Spec.Shape is [_, _]))
        {
            parameter.MakeLater = later;
        }

        Fill(storage, make, code);
    }

    /// <summary>Gives values to all that were left out.</summary>
    /// <param name="storage">The dtype that matrices are kept in.</param>
    /// <param name="make">Makes the values of a parameter.</param>
    public void FillRest(DType storage, Func<ParameterSpec, Tensor> make)
    {
        foreach (var parameter in Owners())
        {
            parameter.MakeLater = null;
        }

        Fill(storage, make, code: null);
    }

    private void Fill(DType storage, Func<ParameterSpec, Tensor> make, Func<Parameter, FourBitWeight?>? code)
    {
        using var noGrad = Autograd.NoGrad();
        var placed = new HashSet<Parameter>();
        bool IsMissing(Parameter one) => !one.HasValue && one.Coded is null && one.MakeLater is null;
        foreach (var parameter in _all.Where(parameter => IsMissing(parameter) && !placed.Contains(parameter)))
        {
            using var scope = TensorScope.Open();
            if (code?.Invoke(parameter) is { } coded)
            {
                parameter.Coded = coded;
            }
            else if (_joined.TryGetValue(parameter, out var join))
            {
                FillJoined(join.Whole, join.Parts, storage, make);
                placed.UnionWith(join.Parts);
            }
            else
            {
                parameter.Value = TensorScope.Detach(
                    make(parameter.Spec).To(TypeOf(parameter.Spec, storage)).Contiguous().Detach());
            }
        }
    }

    /// <summary>The values of a parameter that is made from nothing: its draws depend on the seed, its place in the
    /// order and nothing else.</summary>
    public static Tensor Fresh(ParameterSpec spec, ulong seed, int place, double deviation)
    {
        var values = Tensor.Zeros(DType.Float32, spec.Shape);
        switch (spec.Fresh)
        {
            case FreshValue.One:
                values.Fill(1);
                break;
            case FreshValue.Normal:
                new CounterRandom(seed, RandomPurpose.Weights).Normal(values.AsSpan<float>(), (uint)place, deviation);
                break;
        }

        return values;
    }

    /// <summary>Says that weights have changed.</summary>
    /// <param name="withCopies">Whether every copy that was fresh has been written as well.</param>
    public void Changed(bool withCopies)
    {
        var before = clock.Version++;
        if (withCopies)
        {
            foreach (var parameter in Owners())
            {
                parameter.Follow(before);
            }
        }
    }

    public void Dispose()
    {
        foreach (var parameter in Owners())
        {
            parameter.Dispose();
        }
    }

    private IEnumerable<Parameter> Owners() => _all.Concat(_joined.Values.Select(join => join.Whole));

    private static DType TypeOf(ParameterSpec spec, DType storage) => spec.Shape is [_] ? DType.Float32 : storage;

    private static void FillJoined(Parameter whole, Parameter[] parts, DType storage, Func<ParameterSpec, Tensor> make)
    {
        whole.Value = TensorScope.Detach(Tensor.Empty(TypeOf(whole.Spec, storage), whole.Spec.Shape));
        var row = 0L;
        foreach (var part in parts)
        {
            var rows = part.Spec.Shape[0];
            var place = whole.Value.Narrow(0, row, rows);
            place.CopyFrom(make(part.Spec));
            part.Value = TensorScope.Detach(place.Detach());
            row += rows;
        }
    }
}
