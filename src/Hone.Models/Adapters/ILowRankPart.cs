namespace Hone.Models.Adapters;

/// <summary>A part that adds products of low rank to a linear layer, multiplies what goes in or comes out by a vector,
/// or adds one: the fused step knows such.</summary>
internal interface ILowRankPart : IModulePart
{
    /// <summary>Whether it multiplies what goes into the layer.</summary>
    public bool ScalesInputs => false;

    /// <summary>Adds what the part does to what the parts before it do.</summary>
    /// <param name="change">What becomes of the layer.</param>
    /// <param name="share">How much of the part, 1 for all of it.</param>
    public void AddTo(ModuleChange change, double share);
}
