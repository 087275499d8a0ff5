using System.Globalization;

namespace Hone.Benchmarks.Limits;

/// <summary>
/// The shape of a matrix product, <c>[rows, inner] · [inner, columns]</c>, and how its operands lie in memory.
/// </summary>
/// <param name="Kind">Which product of a layer it is.</param>
/// <param name="Rows">Rows of the result.</param>
/// <param name="Inner">What is summed over.</param>
/// <param name="Columns">Columns of the result.</param>
public readonly record struct MatrixProduct(ProductKind Kind, long Rows, long Inner, long Columns)
{
    /// <summary>Floating-point operations: a multiplication and an addition for each term.</summary>
    public double Flops => 2.0 * Rows * Inner * Columns;

    /// <summary>Its place in the names of lines, such as <c>forward 1387x768x2304</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind.ToString().ToLowerInvariant()} {Rows}x{Inner}x{Columns}");
}

/// <summary>Which of the three products of a linear layer.</summary>
public enum ProductKind
{
    /// <summary>x · Wᵀ.</summary>
    Forward,

    /// <summary>The gradient of the input, dy · W.</summary>
    Input,

    /// <summary>The gradient of the weight, dyᵀ · x.</summary>
    Weight,
}
