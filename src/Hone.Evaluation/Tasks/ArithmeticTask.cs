using System.Text;
using Hone.Data;
using Hone.Torch.Random;

namespace Hone.Evaluation.Tasks;

/// <summary>Made-up arithmetic problems. A hash of the problem says whether it is held out, so that no seed and no part
/// can mix the two up.</summary>
/// <param name="options">The kind of problems.</param>
/// <param name="seed">Where the draws begin.</param>
public sealed class ArithmeticTask(ArithmeticOptions options, ulong seed)
{
    private const int DrawsPerProblem = 200;

    private readonly CounterRandom _random = new(seed, RandomPurpose.Synthesis);

    /// <summary>Draws problems, all different from each other.</summary>
    /// <param name="part">What they are for.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="DataException">There are not so many different problems of this kind.</exception>
    public IReadOnlyList<ArithmeticProblem> Draw(ArithmeticPart part, int count)
    {
        List<ArithmeticProblem> problems = [];
        HashSet<string> seen = [];
        for (var draw = 0u; problems.Count < count; draw++)
        {
            if (draw >= (long)count * DrawsPerProblem)
            {
                throw new DataException(
                    $"task: must have {count} different problems for {part}, {draw} draws found {problems.Count}; ask "
                        + "for fewer, or widen the task");
            }

            if (TryDraw(part, draw) is { } problem && IsHeldOut(problem) == (part == ArithmeticPart.HeldOut)
                && seen.Add(problem.Expression))
            {
                problems.Add(problem);
            }
        }

        return problems;
    }

    /// <summary>Whether no training stage may see a problem.</summary>
    public bool IsHeldOut(ArithmeticProblem problem)
    {
        // FNV-1a and the finish of MurmurHash3: spread evenly over 64 bits, the same on every machine
        var hash = 0xCBF29CE484222325UL;
        foreach (var letter in Encoding.UTF8.GetBytes(problem.Expression))
        {
            hash = (hash ^ letter) * 0x100000001B3UL;
        }

        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL;
        hash ^= hash >> 33;
        return (hash >> 11) * (1.0 / (1UL << 53)) < options.HeldOutShare;
    }

    /// <summary>One draw; null where a running total leaves the range.</summary>
    private ArithmeticProblem? TryDraw(ArithmeticPart part, uint draw)
    {
        Span<int> operands = stackalloc int[options.Operands];
        Span<char> operators = stackalloc char[options.Operands - 1];
        operands[0] = part == ArithmeticPart.Calculations
            ? Between(0, options.LargestTotal, part, draw, 0)
            : Between(options.SmallestOperand, options.LargestOperand, part, draw, 0);
        var total = operands[0];
        for (var i = 1; i < operands.Length; i++)
        {
            operators[i - 1] = Between(0, 1, part, draw, (2 * i) - 1) == 0 ? '+' : '-';
            operands[i] = Between(options.SmallestOperand, options.LargestOperand, part, draw, 2 * i);
            total = ArithmeticProblem.Apply(total, operators[i - 1], operands[i]);
            if (total < 0 || total > options.LargestTotal)
            {
                return null;
            }
        }

        return ArithmeticProblem.Of(operands, operators);
    }

    private int Between(int least, int most, ArithmeticPart part, uint draw, int place) =>
        least + (int)(_random.Uniform((uint)part, draw, (uint)place) * (most - least + 1));
}
