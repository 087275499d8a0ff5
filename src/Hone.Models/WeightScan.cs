using Hone.Torch;

namespace Hone.Models;

/// <summary>Looks for weights that are not numbers.</summary>
public static class WeightScan
{
    /// <summary>The names of weights that hold NaN or infinity, in the decoder's order.</summary>
    /// <param name="decoder">The model.</param>
    public static IReadOnlyList<string> NotFinite(Decoder decoder)
    {
        using var noGrad = Autograd.NoGrad();
        var found = new List<string>();
        foreach (var (name, weight) in decoder.Parameters)
        {
            using var scope = TensorScope.Open();
            if (weight.IsFinite().All().Item() == 0)
            {
                found.Add(name);
            }
        }

        return found;
    }

    /// <summary>Refuses a model with weights that are not numbers.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="where">What it is called in the message.</param>
    /// <exception cref="CheckpointException">There are such weights.</exception>
    public static void Require(Decoder decoder, string where)
    {
        if (NotFinite(decoder) is [var first, ..] found)
        {
            var others = found.Count == 1 ? "" : $" and {found.Count - 1} more";
            throw new CheckpointException(
                $"{where}: weights must be finite numbers, \"{first}\"{others} hold NaN or infinity; the checkpoint "
                    + "is damaged or its training diverged");
        }
    }
}
