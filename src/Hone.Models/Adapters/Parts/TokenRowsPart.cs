using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>Other rows of an embedding for some tokens; on a head that is the same matrix, other rows of it.</summary>
/// <param name="tokens">The tokens, in the order of the rows.</param>
/// <param name="rows">Their rows, <c>[token, dim]</c>.</param>
/// <param name="isHead">Whether the module is the head.</param>
internal sealed class TokenRowsPart(long[] tokens, Parameter rows, bool isHead) : IModulePart
{
    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use)
    {
        var without = module(input);
        if (isHead)
        {
            return use.Between(
                without, without.IndexCopy(1, Tensor.From<long>(tokens, tokens.Length), input.Linear(rows.Compute())));
        }

        var (places, chosen) = (new List<long>(), new List<long>());
        foreach (var (place, token) in input.ToArray<long>().Index())
        {
            if (Array.IndexOf(tokens, token) is >= 0 and var row)
            {
                places.Add(place);
                chosen.Add(row);
            }
        }

        // Where none of the tokens is there, the rows take part all the same: their gradient is 0, not absent.
        var own = rows.Compute().IndexSelect(0, Tensor.From<long>(chosen.ToArray(), chosen.Count));
        return use.Between(without, without.IndexCopy(0, Tensor.From<long>(places.ToArray(), places.Count), own));
    }

    public ModuleWeights Merge(ModuleWeights weights, double share)
    {
        var whole = weights.Weight.IndexCopy(0, Tensor.From<long>(tokens, tokens.Length), rows.Value); // [vocab, dim]
        return weights with { Weight = share == 1 ? whole : weights.Weight + ((whole - weights.Weight) * share) };
    }
}
