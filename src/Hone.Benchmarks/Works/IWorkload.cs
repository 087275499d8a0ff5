using Hone.Benchmarks.Limits;
using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;

namespace Hone.Benchmarks.Works;

/// <summary>Something to measure, in a process of its own. It is a name of <c>hone bench ls</c>.</summary>
public interface IWorkload
{
    /// <summary>The name, such as <c>P1/L15M/bf16</c>.</summary>
    public string Name { get; }

    /// <summary>What is done, in a line.</summary>
    public string Description { get; }

    /// <summary>Whether it belongs to the quick round.</summary>
    public bool IsQuick { get; }

    /// <summary>The longest that it may take.</summary>
    public TimeSpan Limit { get; }

    /// <summary>The matrix products that it does, whose rates belong to the machine's limits.</summary>
    public IEnumerable<CountedProduct> Products { get; }

    /// <summary>What a line says when there is no figure.</summary>
    /// <param name="threads">Threads that compute.</param>
    public Subject Subject(int threads);

    /// <summary>Whether it is worth its time on a processor when nobody asks for it by name.</summary>
    public bool IsUsual(ProcessorRecord processor);

    /// <summary>What it needs and does not find, in words; null when all is there.</summary>
    public string? Missing(WorkContext context);

    /// <summary>Does it, on the thread that computes.</summary>
    public IEnumerable<Measurement> Run(WorkContext context);
}
