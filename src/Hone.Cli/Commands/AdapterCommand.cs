using System.CommandLine;
using System.Text.Json;
using Hone.Cli.Generating;
using Hone.Cli.Syntax;
using Hone.Cli.Writing;
using Hone.Models.Adapters.Combining;
using Hone.Models.Adapters.Files;
using Hone.Models.Export;
using Hone.Torch;

namespace Hone.Cli.Commands;

/// <summary><c>hone adapter ls DIR... | combine ADAPTER[=WEIGHT]... --output DIR | merge MODEL ADAPTER[=WEIGHT]...
/// --output DIR</c></summary>
internal sealed class AdapterCommand(Terminal terminal)
{
    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var command = new Command(
            "adapter",
            "Look into adapters (LoRA and its kin, in PEFT's files), make one of several, and merge them into their "
            + "model.")
        {
            List(session), Combine(session), Merge(session),
        };
        command.Teach(
            session.Terminal,
            "hone adapter ls runs/stories-lora/final",
            "hone adapter merge models/stories260k runs/stories-lora/final --output models/stories-merged");
        return command;
    }

    /// <summary>Says what adapters hold.</summary>
    /// <exception cref="Hone.Models.CheckpointException">A folder holds no adapter that can be read.</exception>
    public ExitCode List(IReadOnlyList<string> folders, bool asJson)
    {
        foreach (var folder in folders)
        {
            var content = AdapterSummary.Read(folder);
            if (asJson)
            {
                JsonLine.Write(terminal.Output, json => WriteJson(json, folder, content));
            }
            else
            {
                WriteText(folder, content);
            }
        }

        return ExitCode.Done;
    }

    private static Command List(Session session)
    {
        var folders = new Argument<string[]>("DIR")
        {
            Description = "Folders of adapters",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = CommonOptions.Json(
            "one object a folder: kind, base_model, modules, tensors, parameters, bytes, config");
        var command = new Command("ls", "Say what adapters hold, without loading their model.") { folders, json };
        command.SetAction(parsed => (int)new AdapterCommand(session.Terminal).List(
            parsed.GetRequiredValue(folders), parsed.GetValue(json)));
        command.Teach(
            session.Terminal, "hone adapter ls runs/stories-lora/final", "hone adapter ls adapters/* --json");
        return command;
    }

    private static Command Combine(Session session)
    {
        var adapters = new Argument<string[]>("ADAPTER")
        {
            Description = "Folders of low-rank adapters of one model, each perhaps with a weight: DIR=0.5",
            Arity = ArgumentArity.OneOrMore,
        };
        var target = new Option<string>("--output")
        {
            HelpName = "DIR",
            Description = "The folder of the new adapter; must not exist yet",
            Required = true,
        };
        var options = new MixtureSyntax();
        var command = new Command(
            "combine", "Make one low-rank adapter of several, as PEFT's add_weighted_adapter does; no model is loaded.")
        {
            adapters, target,
        };
        options.AddTo(command);
        var json = CommonOptions.Json("what `adapter ls --json` says of the new adapter");
        command.Add(json);
        command.SetAction(parsed =>
        {
            using var compute = new ComputeThread();
            return (int)compute.Run(() =>
            {
                var output = parsed.GetRequiredValue(target);
                AdapterMixer.Write(
                    [.. parsed.GetRequiredValue(adapters).Select(text => AdapterSyntax.Find(session, text))],
                    output,
                    options.Read(parsed));
                return new AdapterCommand(session.Terminal).List([output], parsed.GetValue(json));
            });
        });
        command.Teach(
            session.Terminal,
            "hone adapter combine adapters/polite=0.7 adapters/terse=0.3 --output adapters/both",
            "hone adapter combine adapters/a adapters/b adapters/c --kind svd --rank 8 --output adapters/abc",
            "hone adapter combine adapters/a adapters/b --kind ties --density 0.5 --output adapters/ab");
        return command;
    }

    private static Command Merge(Session session)
    {
        var model = CommonOptions.Model();
        var adapters = new Argument<string[]>("ADAPTER")
        {
            Description = "Folders of adapters, each perhaps with a weight: DIR=0.5",
            Arity = ArgumentArity.OneOrMore,
        };
        var target = new Option<string>("--output")
        {
            HelpName = "DIR",
            Description = "The folder of the merged model; must not exist yet",
            Required = true,
        };
        var json = CommonOptions.Json("what was written, and how far it is from the adapted model");
        var command = new Command(
            "merge",
            "Write a model with adapters in its weights, each in the dtype it was stored as, and say how far it is "
                + "from the adapted one.")
        {
            model, adapters, target, json,
        };
        command.SetAction(parsed =>
        {
            using var compute = new ComputeThread();
            return (int)compute.Run(() =>
            {
                ComputeThread.Configure(Environment.ProcessorCount);
                var (path, named) = AdapterSyntax.Find(
                    session, parsed.GetRequiredValue(model), parsed.GetRequiredValue(adapters));
                return new ExportCommand(session.Terminal).Run(
                    path,
                    parsed.GetRequiredValue(target),
                    new ExportOptions { Adapters = named },
                    parsed.GetValue(json));
            });
        });
        command.Teach(
            session.Terminal,
            "hone adapter merge models/stories260k runs/stories-lora/final --output models/stories-merged",
            "hone adapter merge models/chat adapters/polite=0.7 adapters/terse=0.3 --output models/both");
        return command;
    }

    private void WriteText(string folder, AdapterSummary content)
    {
        var output = terminal.Output;
        output.WriteLine(folder);
        output.WriteLine($"  kind     {content.Kind}{(content.Sizes.Length == 0 ? "" : $", {content.Sizes}")}");
        output.WriteLine($"  model    {content.BaseModel ?? "not named"}");
        output.WriteLine($"  on       {(content.Modules.Count == 0 ? "each sequence" : Modules(content.Modules))}");
        output.WriteLine(
            $"  holds    {content.Tensors.Count} tensors, {content.Parameters:N0} numbers, "
            + $"{Quantity.Bytes(content.Bytes)}");
    }

    private static string Modules(IReadOnlyList<string> modules)
    {
        var kinds = modules.GroupBy(name => name[(name.LastIndexOf('.') + 1)..])
            .Select(kind => kind.Count() == 1 ? kind.Key : $"{kind.Count()} {kind.Key}");
        return $"{modules.Count} modules: {string.Join(", ", kinds)}";
    }

    private static void WriteJson(Utf8JsonWriter json, string folder, AdapterSummary content)
    {
        json.WriteString("path", folder);
        json.WriteString("kind", content.Kind);
        json.WriteString("base_model", content.BaseModel);
        json.WriteTexts("modules", content.Modules);
        json.WriteStartArray("tensors");
        foreach (var tensor in content.Tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteNumbers("shape", [.. tensor.Shape.Select(size => (int)size)]);
            json.WriteString("dtype", tensor.Type.ToString().ToLowerInvariant());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("parameters", content.Parameters);
        json.WriteNumber("bytes", content.Bytes);
        json.WritePropertyName("config");
        json.WriteRawValue(content.RawConfig);
    }
}
