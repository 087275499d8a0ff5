using System.Runtime.CompilerServices;

namespace Hone.Text.Chat.Jinja;

/// <summary>Keeps the interpreter from running out of stack, whatever nests in whatever.</summary>
internal static class StackGuard
{
    /// <summary>Makes sure that there is room for going deeper.</summary>
    /// <exception cref="JinjaFault">There is none.</exception>
    public static void Check()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw JinjaFault.Limit("values and calls must nest less deep, these are too deep for the stack");
        }
    }
}
