using System.CommandLine;
using Hone.Cli.Diagnosis;
using Hone.Cli.Syntax;
using Hone.Torch;

namespace Hone.Cli.Commands;

/// <summary><c>hone doctor [MODEL] [--json]</c></summary>
internal sealed class DoctorCommand(TextWriter output, TextWriter errors)
{
    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var model = new Argument<string?>("MODEL")
        {
            Description = "A model folder to check too",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = CommonOptions.Json("one object");
        var command = new Command(
            "doctor",
            "Say what this machine can do, what slows it down, and whether a model folder is sound.")
        {
            model, json,
        };
        command.SetAction(parsed =>
        {
            using var compute = new ComputeThread();
            return (int)compute.Run(() =>
                new DoctorCommand(session.Terminal.Output, session.Terminal.Errors).Run(
                    parsed.GetValue(model) is { } name ? session.Hub.Model(name) : null, parsed.GetValue(json)));
        });
        command.Teach(session.Terminal, "hone doctor", "hone doctor models/stories260k", "hone doctor --json");
        return command;
    }

    /// <summary>Examines this machine, and a model folder where one is named.</summary>
    public ExitCode Run(string? modelFolder, bool asJson)
    {
        var machine = Machine.Examine(Directory.GetCurrentDirectory());
        var model = modelFolder is null || machine.Torch is null ? null : ModelExaminer.Examine(modelFolder);
        return Report(machine, model, asJson);
    }

    /// <summary>Writes what was found, and says what it means.</summary>
    public ExitCode Report(MachineReport machine, ModelReport? model, bool asJson)
    {
        List<string> warnings = [.. machine.Warnings(), .. model?.Warnings ?? []];
        List<string> problems =
        [
            .. new[] { machine.TorchFailure, machine.KernelFailure }.Where(failure => failure.Length > 0),
            .. model?.Problems ?? [],
        ];
        if (asJson)
        {
            DiagnosisJson.Write(output, machine, model, warnings, problems);
        }
        else
        {
            DiagnosisText.Write(output, machine);
            if (model is not null)
            {
                DiagnosisText.Write(output, model);
            }

            warnings.ForEach(warning => errors.WriteLine($"warning: {warning}"));
            problems.ForEach(errors.WriteLine);
        }

        return (machine, model) switch
        {
            ({ Torch: null }, _) => ExitCode.Failed,
            ({ KernelFailure: [_, ..] }, _) or (_, { Problems: [_, ..] }) => ExitCode.BadInput,
            _ => ExitCode.Done,
        };
    }
}
