using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Quantisation;

/// <summary>Turns the weights of linear layers into 4 bits as a model is filled, one after the other.</summary>
/// <param name="options">How.</param>
/// <param name="find">The codes that the files have already, or null.</param>
internal sealed class FourBitCoder(FourBitOptions options, Func<ParameterSpec, FourBitWeight?> find)
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
                    $"{linear.Name}: a weight must have a row for each output to be kept in 4 bits, this family has one for each input; load it without")
                : linear.Weight);
        }

        return parameter => weights.Contains(parameter)
            ? find(parameter.Spec) ?? FourBitWeight.Quantise(make(parameter.Spec), options.Table, options.BlockSize, options.Doubled)
            : null;
    }
}
