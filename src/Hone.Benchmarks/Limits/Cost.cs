namespace Hone.Benchmarks.Limits;

/// <summary>
/// What one unit of a work (a token, a step) asks of the machine at the least, in phases that follow each other.
/// </summary>
/// <param name="Phases">The phases; each is bound by arithmetic or by memory.</param>
public sealed record Cost(IReadOnlyList<Phase> Phases)
{
    /// <summary>A cost of one phase.</summary>
    public static Cost Of(Phase phase) => new([phase]);

    /// <summary>A cost of nothing but memory.</summary>
    /// <param name="bytes">Bytes read and written.</param>
    public static Cost OfBytes(double bytes) => Of(new Phase { Bytes = bytes });

    /// <summary>Floating-point operations of all phases.</summary>
    public double TotalFlops() => Phases.Sum(phase => phase.TotalFlops());

    /// <summary>Bytes of all phases.</summary>
    public double TotalBytes() => Phases.Sum(phase => phase.Bytes);
}

/// <summary>A part of a work during which products and memory keep each other company.</summary>
public sealed record Phase
{
    /// <summary>The matrix products.</summary>
    public IReadOnlyList<CountedProduct> Products { get; init; } = [];

    /// <summary>Floating-point operations beside them: those of attention.</summary>
    public double OtherFlops { get; init; }

    /// <summary>Bytes that have to be read or written, whatever the program.</summary>
    public double Bytes { get; init; }

    /// <summary>Operations of the products.</summary>
    public double ProductFlops() => Products.Sum(one => one.Times * one.Product.Flops);

    /// <summary>Operations in all.</summary>
    public double TotalFlops() => OtherFlops + ProductFlops();
}

/// <summary>
/// A product, and how often it is done for one unit of work; a part of one where several units share it.
/// </summary>
/// <param name="Product">The product.</param>
/// <param name="Times">How often.</param>
public readonly record struct CountedProduct(MatrixProduct Product, double Times);
