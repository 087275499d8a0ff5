using Hone.Torch;

namespace Hone.Models.Adapters;

/// <summary>What an adapter makes of one module: a linear layer, an embedding or a normalisation.</summary>
internal interface IModulePart
{
    /// <summary>What the module gives with this part on it.</summary>
    /// <param name="input">What goes in: activations <c>[token, in]</c>, or tokens <c>[token]</c> of an
    /// embedding.</param>
    /// <param name="module">The module without this part.</param>
    /// <param name="use">How the part is used in this pass.</param>
    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use);

    /// <summary>The module's weights with this part in them; differentiable by what the part trains.</summary>
    /// <param name="weights">The weights without this part.</param>
    /// <param name="share">How much of the part, 1 for all of it.</param>
    /// <exception cref="CheckpointException">The module's weights cannot hold what the part does.</exception>
    public ModuleWeights Merge(ModuleWeights weights, double share);
}

/// <summary>What an adapter adds behind a half of one layer.</summary>
internal interface ILayerPart
{
    /// <summary>What this part adds to the residual stream behind the half, <c>[token, hidden]</c>.</summary>
    /// <param name="stream">The residual stream before the half.</param>
    /// <param name="output">What the half gave.</param>
    /// <param name="use">How the part is used in this pass.</param>
    public Tensor Apply(Tensor stream, Tensor output, PartUse use);
}

/// <summary>The weights of a module.</summary>
/// <param name="Weight"><c>[out, in]</c>, <c>[vocab, dim]</c> of an embedding, <c>[hidden]</c> of a
/// normalisation.</param>
/// <param name="Bias"><c>[out]</c>, or null where the module has none.</param>
internal sealed record ModuleWeights(Tensor Weight, Tensor? Bias);
