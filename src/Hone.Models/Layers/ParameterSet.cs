using Hone.Torch;
using Hone.Torch.Random;

namespace Hone.Models.Layers;

/// <summary>All parameters of a decoder in a fixed order, and the matrices that neighbours form together.</summary>
internal sealed class ParameterSet : IDisposable
{
    private readonly OrderedDictionary<string, Parameter> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Parameter> _joined = new(StringComparer.Ordinal);

    private ParameterSet(WeightClock clock) => Clock = clock;

    public WeightClock Clock { get; }

    public IEnumerable<Parameter> All => _parameters.Values;

    public Parameter this[string name] => _parameters[name];

    /// <summary>The matrix (or bias) that the parameters joined under a name form, one below the other.</summary>
    public Parameter Joined(string join) => _joined[join];

    /// <summary>Makes every parameter by a function that may return a tensor of any floating-point type, or fill a given one.</summary>
    public static ParameterSet Create(
        IEnumerable<ParameterSpec> specs, DType storageType, WeightClock clock, Func<ParameterSpec, Tensor> make)
    {
        using var noGrad = Autograd.NoGrad();
        var set = new ParameterSet(clock);
        try
        {
            foreach (var group in Groups(specs))
            {
                set.Add(group, storageType, make);
            }

            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>The values of a parameter that is made from nothing: its draws depend on the seed, its place in the order and nothing else.</summary>
    public static Tensor Fresh(ParameterSpec spec, ulong seed, int place, double deviation)
    {
        var values = new float[spec.Shape.Aggregate(1L, (count, size) => count * size)];
        switch (spec.Fresh)
        {
            case FreshValue.One:
                values.AsSpan().Fill(1);
                break;
            case FreshValue.Normal:
                new CounterRandom(seed, RandomPurpose.Weights).Normal(values, (uint)place, deviation);
                break;
        }

        return Tensor.From<float>(values, spec.Shape);
    }

    public void Dispose()
    {
        foreach (var parameter in _parameters.Values.Concat(_joined.Values))
        {
            parameter.Dispose();
        }
    }

    private static IEnumerable<ParameterSpec[]> Groups(IEnumerable<ParameterSpec> specs)
    {
        List<ParameterSpec> group = [];
        foreach (var spec in specs)
        {
            if (group is [var first, ..] && (spec.Join.Length == 0 || spec.Join != first.Join))
            {
                yield return [.. group];
                group.Clear();
            }

            group.Add(spec);
        }

        yield return [.. group];
    }

    private void Add(ParameterSpec[] group, DType storageType, Func<ParameterSpec, Tensor> make)
    {
        using var scope = TensorScope.Open();
        if (group is [var single])
        {
            Add(single.Name, TensorScope.Detach(make(single).To(storageType).Contiguous().Detach()));
            return;
        }

        // One piece of memory for all of the group; the parameters are views of it, so that a change of one is a change of the whole.
        long[] shape = [group.Sum(spec => spec.Shape[0]), .. group[0].Shape[1..]];
        var whole = TensorScope.Detach(Tensor.Empty(storageType, shape));
        _joined.Add(group[0].Join, new Parameter(group[0].Join, whole, Clock));
        var row = 0L;
        foreach (var spec in group)
        {
            var part = whole.Narrow(0, row, spec.Shape[0]);
            part.CopyFrom(make(spec));
            Add(spec.Name, TensorScope.Detach(part.Detach()));
            row += spec.Shape[0];
        }
    }

    private void Add(string name, Tensor value) => _parameters.Add(name, new Parameter(name, value, Clock));
}
