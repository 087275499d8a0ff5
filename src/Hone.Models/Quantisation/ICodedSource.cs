using Hone.Models.Checkpoints;

namespace Hone.Models.Quantisation;

/// <summary>Weights of which some are stored in 4 bits.</summary>
public interface ICodedSource : IWeightSource
{
    /// <summary>The codes of a weight; null for one that is stored otherwise. The caller owns them.</summary>
    /// <param name="name">Its exact name.</param>
    /// <exception cref="CheckpointException">They contradict themselves.</exception>
    public FourBitWeight? LoadCoded(string name);
}
