using Hone.Models.Adapters;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>A mixture of experts, arXiv:1701.06538: Σ over the chosen experts of weight · expert(x), and what the
/// shared expert gives.</summary>
/// <param name="router">Picks experts.</param>
/// <param name="experts">The experts.</param>
/// <param name="shared">The expert that every token goes through, or null.</param>
/// <param name="sharedGate">Its gate, <c>[1, hidden]</c>, or null.</param>
/// <param name="adapters">Says which adapters are in force.</param>
internal sealed class ExpertFeedForward(
    ExpertRouter router, IFeedForward[] experts, IFeedForward? shared, Parameter? sharedGate, AdapterSwitch adapters)
        : IFeedForward
{
    public Tensor Apply(Tensor x)
    {
        var (ids, weights) = router.Route(x);
        var sum = shared is null ? x.ZerosLike() : Shared(shared, x);
        var flatWeights = weights.Reshape(-1); // [token · k]
        for (var expert = 0; expert < experts.Length; expert++)
        {
            // places in [token · k] that chose this expert
            var places = ids.Detach().Reshape(-1).EqualTo(expert).NonZero().Squeeze(1);
            if (places.Count == 0)
            {
                continue;
            }

            var tokens = TokensOf(places, ids.Size(1));
            using var among = adapters.Enter(adapters.Pass?.Among(tokens.ToArray<long>()));
            var given = experts[expert].Apply(x.IndexSelect(0, tokens)); // [chosen, hidden]
            var weighted = given * flatWeights.IndexSelect(0, places).Unsqueeze(1).To(given.DType);
            sum = sum.IndexAdd(0, tokens, weighted);
        }

        return sum;
    }

    private Tensor Shared(IFeedForward expert, Tensor x)
    {
        var given = expert.Apply(x);
        return sharedGate is null ? given : given * x.Linear(sharedGate.Compute()).Sigmoid();
    }

    private static Tensor TokensOf(Tensor places, long perToken)
    {
        var tokens = places.ToArray<long>();
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] /= perToken;
        }

        return Tensor.From<long>(tokens, tokens.Length);
    }
}
