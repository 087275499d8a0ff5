using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hone.Cli.Generating;
using Hone.Cli.Syntax;
using Hone.Cli.Writing;
using Hone.Data;
using Hone.Models;
using Hone.Torch;

namespace Hone.Cli.Commands;

/// <summary><c>hone score MODEL --input FILE.jsonl [--json]</c></summary>
internal sealed class ScoreCommand(TextWriter output, LoadedModel model)
{
    private const int RowsAtOnce = 256;

    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var folder = CommonOptions.Model();
        var adapters = AdapterSyntax.Option();
        var quantisation = new QuantisationSyntax();
        var input = new Option<string>("--input")
        {
            HelpName = "FILE",
            Description =
                "Rows with \"text\", encoded as `hone tokenize` does, or \"tokens\", scored as given (.jsonl, .json; "
                    + ".gz too)",
            Required = true,
        };
        var compute = CommonOptions.ComputeOption();
        var json = CommonOptions.Json("one object a row: tokens, log_probs (of token t at index t, null at 0)");
        var command = new Command("score", "Say how probable a model finds texts, token by token.")
        {
            folder, adapters, input, compute, json,
        };
        quantisation.AddTo(command);
        command.SetAction(parsed =>
        {
            using var thread = new ComputeThread();
            return (int)thread.Run(() =>
            {
                var (path, named) = AdapterSyntax.Find(
                    session, parsed.GetRequiredValue(folder), parsed.GetValue(adapters));
                using var model = LoadedModel.Open(
                    path, CommonOptions.Compute(parsed, compute), named, quantisation.Read(parsed));
                return new ScoreCommand(session.Terminal.Output, model)
                    .Run(
                        session.Hub.Data(new DataSourceOptions { Path = parsed.GetRequiredValue(input) }),
                        parsed.GetValue(json), session.Interruption.Watch());
            });
        });
        command.Teach(
            session.Terminal,
            "hone score models/stories260k --input stories.jsonl",
            "hone score models/stories260k --input stories.jsonl --json",
            "hone score models/stories260k --adapter runs/stories-lora/final --input stories.jsonl");
        return command;
    }

    /// <summary>Scores every row of a file.</summary>
    /// <exception cref="DataException">A row has neither text nor tokens, or the model cannot take it.</exception>
    /// <exception cref="CheckpointException">The model gives no numbers.</exception>
    public ExitCode Run(DataSource input, bool asJson, CancellationToken cancel)
    {
        var scorer = new SequenceScorer(model.Folder.Decoder);
        foreach (var rows in input.ReadRecords().Select(Row).Chunk(RowsAtOnce))
        {
            cancel.ThrowIfCancellationRequested();
            var scores = scorer.Score(Array.ConvertAll(rows, row => row.Tokens));
            foreach (var ((at, tokens), logProbs) in rows.Zip(scores))
            {
                Write(at, tokens, logProbs, asJson);
            }
        }

        return ExitCode.Done;
    }

    private (SourceLine At, int[] Tokens) Row(DataRecord record)
    {
        var tokens = RowFields.Tokens(record, "tokens") ?? (record.Fields.TryGetProperty("text", out _)
            ? model.Tokenizer.EncodeIds(RowFields.Text(record, "text"))
            : throw new DataException(record.At, $"\"text\" or \"tokens\" must be there; {RowFields.Has(record)}"));
        var config = model.Folder.Decoder.Config;
        var (context, vocabulary) = (config.ContextLength, config.VocabularySize);
        if (tokens.Length > context)
        {
            throw new DataException(
                record.At, $"the row must fit the model's context of {context} tokens, it has {tokens.Length}; cut it");
        }

        var stranger = Array.FindIndex(tokens, id => id < 0 || id >= vocabulary);
        return stranger < 0
            ? (record.At, tokens)
            : throw new DataException(
                record.At, $"\"tokens\"[{stranger}] must be from 0 to {vocabulary - 1}, got {tokens[stranger]}");
    }

    private void Write(SourceLine at, int[] tokens, float[] logProbs, bool asJson)
    {
        var scored = logProbs.AsSpan(Math.Min(1, logProbs.Length));
        foreach (var logProb in scored)
        {
            if (!float.IsFinite(logProb))
            {
                throw new CheckpointException(
                    $"{at}: log-probs must be finite numbers, got {logProb}; `hone doctor` says which weights are not");
            }
        }

        if (asJson)
        {
            JsonLine.Write(output, json => WriteJson(json, tokens, logProbs));
            return;
        }

        double sum = 0;
        foreach (var logProb in scored)
        {
            sum += logProb;
        }

        var mean = scored.Length == 0 ? 0 : sum / scored.Length;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{at}: {tokens.Length} tokens, log-prob {sum:0.000}, mean {mean:0.0000}, "
                + $"perplexity {Math.Exp(-mean):0.00}"));
    }

    private static void WriteJson(Utf8JsonWriter json, int[] tokens, float[] logProbs)
    {
        json.WriteNumbers("tokens", tokens);
        json.WriteStartArray("log_probs");
        for (var t = 0; t < logProbs.Length; t++)
        {
            if (t == 0)
            {
                json.WriteNullValue();
            }
            else
            {
                json.WriteNumberValue(logProbs[t]);
            }
        }

        json.WriteEndArray();
    }
}
