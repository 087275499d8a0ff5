using Hone.Conformance.Goldens;

namespace Hone.Conformance.Checking;

/// <summary>Runs one kind of case through the product and compares.</summary>
/// <remarks>
/// A class with a parameterless constructor that implements this is found by itself: adding a kind is adding one file
/// under <c>Checks/</c>. It calls the product's public code only: a formula in it is a defect.
/// </remarks>
public interface ICheck
{
    /// <summary>The area whose cases it judges.</summary>
    public string Area { get; }

    /// <summary>The kinds it judges, as <see cref="CaseKind"/> names them; a trailing <c>*</c> stands for any
    /// rest.</summary>
    public IReadOnlyList<string> Kinds { get; }

    /// <summary>Whether a case of its kinds is one that the product does not offer, and why. Null: it is
    /// judged.</summary>
    /// <remarks>For what the format itself sets apart (a family, an optimizer), never for an option of a covered
    /// kind.</remarks>
    public string? NotOffered(GoldenCase golden) => null;

    /// <summary>Judges one case. What it throws is a failure of the case.</summary>
    public void Run(GoldenCase golden, Findings findings);
}
