using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Quantisation;

/// <summary>Turns the weights of linear layers into 4 bits as a model is filled, one after the other.</summary>
/// <param name="where">Where the weights come from, for messages.</param>
/// <param name="options">How.</param>
/// <param name="find">The codes that the files have already, or null.</param>
internal sealed class FourBitCoder(string where, FourBitOptions options, Func<ParameterSpec, FourBitWeight?> find)
{
    /// <summary>Makes the codes of a parameter, if it is the weight of one of the layers.</summary>
    /// <exception cref="CheckpointException">A layer is stored the other way round.</exception>
    public Func<Parameter, FourBitWeight?> For(IEnumerable<Linear> linears, Func<ParameterSpec, Tensor> make)
    {
        var weights = new HashSet<Parameter>();
        foreach (var linear in linears)
        {
            weights.Add(linear.InputMajor
                ? throw new CheckpointException(
                    $"{linear.Name}: a weight must have a row for each output to be kept in 4 bits, this family has "
                        + "one for each input; load it without")
                : linear.Weight);
        }

        return parameter => weights.Contains(parameter)
            ? Stored(parameter.Spec)
                ?? FourBitWeight.Quantise(make(parameter.Spec), options.Table, options.BlockSize, options.Doubled)
            : null;
    }

    // Codes of codes would lose twice: what a file has in another way can only be kept in that way.
    private FourBitWeight? Stored(ParameterSpec spec)
    {
        var stored = find(spec);
        if (stored is null || (stored.Table == options.Table && stored.IsDouble == options.Doubled))
        {
            return stored;
        }

        using (stored)
        {
            throw new CheckpointException(
                $"{where}: {spec.Name}: must be kept as it is stored, in {Words(stored.Table, stored.IsDouble)}, "
                + $"is asked for in {Words(options.Table, options.Doubled)}; ask for the former, or for no "
                + "quantisation");
        }
    }

    private static string Words(CodeTable table, bool doubled) =>
        doubled ? $"{table.Name} with double quantisation" : $"{table.Name} without double quantisation";
}
