using System.Numerics;

namespace Hone.Text.Chat.Jinja;

/// <summary>What is left of a rendering's limits.</summary>
internal sealed class Budget(JinjaLimits limits)
{
    /// <summary>What an item of a list counts as, in characters.</summary>
    public const int ItemUnits = 16;

    private long _steps = limits.Steps;
    private long _memory = limits.Memory;
    private int _calls;

    /// <summary>Takes steps.</summary>
    /// <exception cref="JinjaFault">There are none left.</exception>
    public void Work(long steps)
    {
        _steps -= steps;
        if (_steps < 0)
        {
            throw JinjaFault.Limit($"the template must end within {limits.Steps} steps, it goes on");
        }
    }

    /// <summary>Takes room for characters or items.</summary>
    /// <exception cref="JinjaFault">There is not so much left.</exception>
    public void Make(long units)
    {
        if (units > _memory)
        {
            throw JinjaFault.Limit(
                $"the template must make at most {limits.Memory} characters and items, it would make more");
        }

        _memory -= Math.Max(units, 0);
    }

    /// <summary>Takes room for items of lists and dicts.</summary>
    /// <exception cref="JinjaFault">There is not so much left.</exception>
    public void MakeItems(long count) => Make(count > long.MaxValue / ItemUnits ? long.MaxValue : count * ItemUnits);

    /// <summary>Takes room for characters or items.</summary>
    /// <exception cref="JinjaFault">There is not so much left.</exception>
    public void Make(BigInteger units) => Make(units > long.MaxValue ? long.MaxValue : (long)units);

    /// <summary>Goes into a call.</summary>
    /// <exception cref="JinjaFault">There are too many inside of each other.</exception>
    public void Enter()
    {
        if (++_calls > limits.CallDepth)
        {
            throw JinjaFault.Limit($"calls must nest at most {limits.CallDepth} deep, these go deeper");
        }
    }

    /// <summary>Comes back from a call.</summary>
    public void Leave() => _calls--;

    /// <summary>Holds the length of the output to its limit.</summary>
    public void CheckOutput(int length)
    {
        if (length > limits.OutputLength)
        {
            throw JinjaFault.Limit($"the output must have at most {limits.OutputLength} characters, it has more");
        }
    }
}
