using System.CommandLine;
using System.Globalization;
using Hone.Cli.Generating;
using Hone.Cli.Syntax;
using Hone.Cli.Writing;
using Hone.Models;
using Hone.Models.Export;
using Hone.Text.Gguf;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary><c>hone export MODEL --output PATH --format safetensors|gguf [--type TYPE] [--json]</c></summary>
internal sealed class ExportCommand(Terminal terminal)
{
    private static readonly Dictionary<string, GgmlType> Types = new(StringComparer.Ordinal)
    {
        ["f32"] = GgmlType.F32,
        ["bf16"] = GgmlType.BF16,
        ["f16"] = GgmlType.F16,
        ["q8_0"] = GgmlType.Q80,
        ["q4_0"] = GgmlType.Q40,
        ["q4_1"] = GgmlType.Q41,
    };

    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var model = CommonOptions.Model();
        var adapters = AdapterSyntax.Option();
        var target = new Option<string>("--output")
        {
            HelpName = "PATH",
            Description = "The folder (safetensors) or file (gguf) to write; must not exist yet",
            Required = true,
        };
        var format = ChoiceOption.Of(
            "--format",
            "A folder in the Hugging Face layout, or one file for llama.cpp and its kin",
            standard: "safetensors",
            "safetensors",
            "gguf");
        var type = ChoiceOption.Optional(
            "--type",
            "How matrices are stored; by default as they were read (safetensors) or f16 (gguf); q… in gguf alone",
            Types.Keys);
        var shard = new Option<string>("--shard-size")
        {
            HelpName = "SIZE",
            Description = "Bytes of weights that a safetensors file may have, such as 500MB or 5GB",
            DefaultValueFactory = _ => "5GB",
        };
        var text = new Option<string?>("--text")
        {
            HelpName = "FILE",
            Description = "A text to compare the written model with the read one on; by default a built-in paragraph",
        };
        var json = CommonOptions.Json("what was written, and how far it is from what was read");
        var command = new Command(
            "export", "Write a model in another format, and say how far it is from the one that was read.")
        {
            model, adapters, target, format, type, shard, text, json,
        };
        command.SetAction(parsed =>
        {
            using var compute = new ComputeThread();
            return (int)compute.Run(() =>
            {
                ComputeThread.Configure(Environment.ProcessorCount);
                var asGguf = parsed.GetRequiredValue(format) == "gguf";
                if (asGguf && parsed.GetResult(shard) is { Implicit: false })
                {
                    throw new OptionsException("--shard-size: must go with --format safetensors, a gguf is one file");
                }

                var options = Options(
                    asGguf,
                    parsed.GetValue(type),
                    parsed.GetRequiredValue(shard),
                    parsed.GetValue(text));
                var (path, named) = AdapterSyntax.Find(
                    session, parsed.GetRequiredValue(model), parsed.GetValue(adapters));
                return new ExportCommand(session.Terminal).Run(
                    path, parsed.GetRequiredValue(target), options with { Adapters = named }, parsed.GetValue(json));
            });
        });
        command.Teach(
            session.Terminal,
            "hone export runs/stories-sft/final --output stories.gguf --format gguf --type q8_0",
            "hone export SmolLM2-135M-Instruct.Q4_1.gguf --output models/smollm2 --type bf16 --shard-size 500MB",
            "hone export models/chat --output chat-q4.gguf --format gguf --type q4_1 --text sample.txt --json");
        return command;
    }

    /// <summary>Writes the model and the report.</summary>
    /// <exception cref="CheckpointException">The model cannot be read or written so.</exception>
    public ExitCode Run(string model, string target, ExportOptions options, bool asJson)
    {
        var report = ModelExporter.Export(model, target, options);
        if (asJson)
        {
            WriteJson(report);
        }
        else
        {
            WriteText(report);
        }

        return ExitCode.Done;
    }

    private static ExportOptions Options(bool asGguf, string? type, string shard, string? text)
    {
        GgmlType? wanted = type is null ? null : Types[type];
        var possible = asGguf ? ExportOptions.GgufTypes : ExportOptions.PlainTypes;
        if (wanted is { } chosen && !possible.Contains(chosen))
        {
            throw new OptionsException(
                $"--type: must be f32, bf16 or f16 in safetensors, got {type}; add --format gguf");
        }

        return new ExportOptions
        {
            AsGguf = asGguf,
            Type = wanted,
            ShardLimit = Size(shard),
            SampleText = text is null ? null : ReadText(text),
        };
    }

    private static string ReadText(string path)
    {
        if (!File.Exists(path))
        {
            throw new OptionsException($"--text: must name a file, there is none called {path}");
        }

        return File.ReadAllText(path) is { Length: > 0 } text
            ? text
            : throw new OptionsException($"--text: must name a file with text, {path} is empty");
    }

    private static long Size(string text)
    {
        (string Unit, long Bytes)[] units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000), ("", 1)];
        var (unit, bytes) = units.First(one => text.EndsWith(one.Unit, StringComparison.OrdinalIgnoreCase));
        return double.TryParse(
            text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * bytes is >= 1 and <= long.MaxValue
            ? (long)(number * bytes)
            : throw new OptionsException($"--shard-size: must be a number of bytes such as 500MB or 5GB, got {text}");
    }

    private void WriteText(ExportReport report)
    {
        foreach (var (name, bytes) in report.Files)
        {
            terminal.Output.WriteLine($"{name,-40} {Quantity.Bytes(bytes),10}");
        }

        var parity = report.Parity;
        terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Path}: on {parity.Tokens} tokens logits differ by at most "
            + $"{parity.LargestLogitDifference:0.######}, KL {parity.MeanKl:0.########} nats, "
            + $"the likeliest token is the same at {parity.SameLikeliest:0.0%}, mean log-prob "
            + $"{parity.MeanLogProb:0.0000} before and {parity.MeanLogProbAfter:0.0000} after"));
        foreach (var warning in report.Warnings)
        {
            terminal.Errors.WriteLine($"warning: {warning}");
        }
    }

    private void WriteJson(ExportReport report) => JsonLine.Write(terminal.Output, json =>
    {
        json.WriteString("path", report.Path);
        json.WriteStartArray("files");
        foreach (var (name, bytes) in report.Files)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("bytes", bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("parity");
        ParityWriter.Write(json, report.Parity);
        json.WriteTexts("warnings", report.Warnings);
    });
}
