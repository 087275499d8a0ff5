using Hone.Data;
using Hone.Data.Hub;
using Hone.Models;
using Hone.Text;
using Hone.Torch;
using Hone.Training;
using Hone.Training.Recipes;

namespace Hone.Cli;

/// <summary>The one place that says what an exception means to the user.</summary>
internal static class Failure
{
    private const int BrokenPipe = 32;

    /// <summary>What a complaint about the variable of the environment begins with, which the native library
    /// reads.</summary>
    private const string InstructionSet = "HONE_ISA: ";

    /// <summary>The exit code that <paramref name="error"/> leads to.</summary>
    public static ExitCode CodeOf(Exception error) => error switch
    {
        OperationCanceledException => ExitCode.Interrupted,
        OptionsException or DataException or CheckpointException or TokenizerException => ExitCode.BadInput,
        TorchException torch when torch.Message.StartsWith(InstructionSet, StringComparison.Ordinal) =>
            ExitCode.BadInput,
        HubException hub => hub.IsTransient ? ExitCode.Failed : ExitCode.BadInput,
        _ => ExitCode.Failed,
    };

    /// <summary>Says in words what went wrong, one line for each reason; the place in the code only when it is asked
    /// for.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="errors">Where to write.</param>
    /// <param name="trace">Whether to add where in the code it happened.</param>
    public static void Tell(Exception error, TextWriter errors, bool trace)
    {
        foreach (var line in Words(error))
        {
            errors.WriteLine(line);
        }

        if (trace)
        {
            errors.WriteLine(error);
        }
    }

    private static IEnumerable<string> Words(Exception error) => error switch
    {
        OperationCanceledException => ["interrupted"],
        OptionsException refused => refused.Problems,
        DataException or CheckpointException or TokenizerException or TorchException or TrainingException
            or HubException => [error.Message],
        ProcessGroupException => error.Message.Split('\n'),
        IOException { HResult: BrokenPipe } => [],
        IOException or UnauthorizedAccessException => [$"hone: {error.Message}"],
        _ =>
            [$"hone: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")} This is a fault of hone; "
                + "HONE_TRACE=1 shows where it is"],
    };
}
