using Hone.Models.Configuration;

namespace Hone.Models.Adapters.Kinds;

/// <summary>What an adapter is: its kind, its sizes, where it is put.</summary>
/// <remarks>Names and defaults are those of PEFT's <c>adapter_config.json</c>, in .NET's casing.</remarks>
public abstract record AdapterConfig
{
    private protected AdapterConfig()
    {
    }

    /// <summary>The kind as files name it, such as <c>LORA</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The model that it was trained on: a path or a name; null where that is not said.</summary>
    public string? BaseModel { get; init; }

    /// <summary>What the base model is for, such as <c>CAUSAL_LM</c> or <c>SEQ_CLS</c>.</summary>
    public string? TaskType { get; init; } = "CAUSAL_LM";

    /// <summary>Modules that are trained and stored as a whole, each by the end of its name.</summary>
    public ValueList<string> ModulesToSave { get; init; } = [];
}
