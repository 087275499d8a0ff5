namespace Hone.Data.Hub;

/// <summary>What a repository of the hub holds.</summary>
public enum HubKind
{
    /// <summary>A model, an adapter or a tokenizer.</summary>
    Model,

    /// <summary>A data set.</summary>
    Dataset,
}
