namespace Hone.Evaluation.Tasks;

/// <summary>The parts of an <see cref="ArithmeticTask"/>. Each draws from a stream of its own.</summary>
public enum ArithmeticPart
{
    /// <summary>Calculations as raw text, which begin at any total.</summary>
    Calculations = 1,

    /// <summary>Problems that are shown worked out.</summary>
    Traces = 2,

    /// <summary>Problems of which only the answer is known.</summary>
    Practice = 3,

    /// <summary>Problems that no training stage sees.</summary>
    HeldOut = 4,
}
