namespace Hone.Data;

/// <summary>Which tokens of a row are targets.</summary>
public enum TrainOn
{
    /// <summary>All of a text, the completion of a prompt, what the assistant says and the mark that ends its
    /// turn.</summary>
    Completion,

    /// <summary>Every token, prompts and the turns of others too.</summary>
    Everything,
}
