using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Building;

/// <summary>What an adapter consists of.</summary>
internal sealed record AdapterContent
{
    /// <summary>What it does.</summary>
    public required AdapterParts Parts { get; init; }

    /// <summary>What is trained.</summary>
    public required IReadOnlyList<Parameter> Trained { get; init; }

    /// <summary>All that it consists of in numbers, trained or drawn once.</summary>
    public required IReadOnlyList<Parameter> State { get; init; }

    /// <summary>What its file holds.</summary>
    public required IReadOnlyList<AdapterTensor> Tensors { get; init; }

    /// <summary>The modules of the model that it was made for.</summary>
    public required ModuleCatalog Model { get; init; }

    /// <summary>What is disposed of with it.</summary>
    public required IReadOnlyList<IDisposable> Owned { get; init; }
}

/// <summary>One tensor of an adapter's file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Value">Gives it.</param>
/// <param name="IsOptional">Whether a file may lack it: what it says is known of the base model.</param>
internal sealed record AdapterTensor(string Name, long[] Shape, Func<Tensor> Value, bool IsOptional = false);
