using System.CommandLine;
using System.Globalization;
using Hone.Cli.Hubs;
using Hone.Cli.Syntax;
using Hone.Cli.Writing;
using Hone.Data;
using Hone.Models.Encoders;
using Hone.Torch;
using Hone.Training;
using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary><c>hone embed MODEL (--input FILE.jsonl | --text TEXT)... [--max-length N] [--json]</c></summary>
internal sealed class EmbedCommand(TextWriter output, HubFiles hub, TextEmbedder embedder)
{
    private const int RowsAtOnce = 256;
    private const int NumbersShown = 4;

    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "The folder of an encoder of BERT's kind, in the layout of sentence-transformers or by "
                + "itself, or org/name of the hub",
        };
        var input = new Option<string?>("--input")
        {
            HelpName = "FILE",
            Description =
                "Rows with \"text\", and \"max_length\" where a row is cut elsewhere (.jsonl, .json, .csv, .tsv; .gz "
                    + "too)",
        };
        var texts = new Option<string[]>("--text")
        {
            HelpName = "TEXT",
            Description = "A text; may be given several times",
            AllowMultipleArgumentsPerToken = false,
        };
        var length = NumberOption.Optional(
            "--max-length", "N", "Tokens that a text is cut to; by default what the folder says", least: 2);
        var compute = CommonOptions.ComputeOption();
        var json = CommonOptions.Json("one object a text: tokens, embedding");
        var command =
            new Command("embed", "Turn texts into vectors: the nearer their meanings, the nearer 1 the product of two.")
        {
            model, input, texts, length, compute, json,
        };
        command.SetAction(parsed =>
        {
            using var thread = new ComputeThread();
            return (int)thread.Run(() =>
            {
                ComputeThread.Configure(Environment.ProcessorCount);
                var decision = ComputeDecision.Of(CommonOptions.Compute(parsed, compute), Processor.Detect());
                using var embedder =
                    TextEmbedder.Load(session.Hub.Model(parsed.GetRequiredValue(model)), decision.DType);
                return new EmbedCommand(session.Terminal.Output, session.Hub, embedder).Run(
                    parsed.GetValue(input), parsed.GetValue(texts) ?? [], parsed.GetValue(length),
                    parsed.GetValue(json), session.Interruption.Watch());
            });
        });
        command.Teach(
            session.Terminal,
            "hone embed models/minilm-l6 --text \"How do I bake bread?\" --text \"A recipe for loaves\"",
            "hone embed models/minilm-l6 --input texts.jsonl --json");
        return command;
    }

    /// <summary>Writes the vector of each text.</summary>
    /// <exception cref="OptionsException">There is neither a file nor a text.</exception>
    /// <exception cref="DataException">A row has no text.</exception>
    public ExitCode Run(
        string? input, IReadOnlyList<string> texts, int? maxLength, bool asJson, CancellationToken cancel)
    {
        if (input is null && texts.Count == 0)
        {
            throw new OptionsException("hone embed: must be given --input or --text");
        }

        var given =
            texts.Select((text, i) =>
                (Where: $"text {i + 1}", Tokens: embedder.Encode(text, maxLength ?? embedder.Options.MaxLength)));
        var read = input is null ? []
            : hub.Data(new DataSourceOptions { Path = input }).ReadRecords().Select(record => Row(record, maxLength));
        foreach (var rows in given.Concat(read).Chunk(RowsAtOnce))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var ((where, tokens), vector) in rows.Zip(
                embedder.Embed(Array.ConvertAll(rows, row => row.Tokens))))
            {
                Write(where, tokens, vector, asJson);
            }
        }

        return ExitCode.Done;
    }

    private (string Where, int[] Tokens) Row(DataRecord record, int? maxLength)
    {
        var length = embedder.Options.MaxLength;
        if (record.Fields.TryGetProperty("max_length", out var own))
        {
            length = own.ValueKind == System.Text.Json.JsonValueKind.Number && own.TryGetInt32(out var value)
                && value >= 2
                ? value
                : throw new DataException(
                    record.At, $"\"max_length\" must be a whole number from 2, got {own.GetRawText()}");
        }

        return (record.At.ToString(), embedder.Encode(RowFields.Text(record, "text"), maxLength ?? length));
    }

    private void Write(string where, int[] tokens, float[] vector, bool asJson)
    {
        if (asJson)
        {
            JsonLine.Write(output, json =>
            {
                json.WriteNumbers("tokens", tokens);
                json.WriteNumbers("embedding", vector);
            });
            return;
        }

        var shown = string.Join(
            ", ", vector.Take(NumbersShown).Select(value => value.ToString("0.0000", CultureInfo.InvariantCulture)));
        output.WriteLine($"{where}: {tokens.Length} tokens, {vector.Length} numbers: {shown}, …");
    }
}
