using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hone.Cli.Generating;
using Hone.Cli.Syntax;
using Hone.Cli.Writing;
using Hone.Data;
using Hone.Models;
using Hone.Models.Export;
using Hone.Models.Generation;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary>
/// <c>hone score MODEL --input FILE.jsonl [--weights int8|int4|stored] [--cache int8] [--compare] [--json]</c>
/// </summary>
internal sealed class ScoreCommand(TextWriter output, LoadedModel model, EngineOptions engine)
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
        var engine = new EngineSyntax();
        var compare = new Option<bool>("--compare")
        {
            Description =
                "Instead of scores, how far --weights and --cache are from the model as it is: perplexities, KL",
        };
        var json = CommonOptions.Json("one object a row: tokens, log_probs (of token t at index t, null at 0)");
        var command = new Command("score", "Say how probable a model finds texts, token by token.")
        {
            folder, adapters, input, compute,
        };
        quantisation.AddTo(command);
        engine.AddTo(command);
        command.Add(compare);
        command.Add(json);
        command.SetAction(parsed =>
        {
            using var thread = new ComputeThread();
            return (int)thread.Run(() =>
            {
                var (path, named) = AdapterSyntax.Find(
                    session, parsed.GetRequiredValue(folder), parsed.GetValue(adapters));
                var kept = engine.Read(parsed);
                using var model = LoadedModel.Open(
                    path, CommonOptions.Compute(parsed, compute), named, quantisation.Read(parsed),
                    weights: parsed.GetValue(compare) ? GenerationWeights.Compute : kept.Weights);
                var command = new ScoreCommand(session.Terminal.Output, model, kept);
                var rows = session.Hub.Data(new DataSourceOptions { Path = parsed.GetRequiredValue(input) });
                var (asJson, cancel) = (parsed.GetValue(json), session.Interruption.Watch());
                return parsed.GetValue(compare)
                    ? command.Compare(rows, asJson, cancel) : command.Run(rows, asJson, cancel);
            });
        });
        command.Teach(
            session.Terminal,
            "hone score models/stories260k --input stories.jsonl",
            "hone score models/stories260k --input stories.jsonl --json",
            "hone score models/stories260k --input stories.jsonl --weights int8 --compare",
            "hone score models/stories260k --adapter runs/stories-lora/final --input stories.jsonl");
        return command;
    }

    /// <summary>Scores every row of a file.</summary>
    /// <exception cref="DataException">A row has neither text nor tokens, or the model cannot take it.</exception>
    /// <exception cref="CheckpointException">The model gives no numbers.</exception>
    public ExitCode Run(DataSource input, bool asJson, CancellationToken cancel)
    {
        foreach (var rows in input.ReadRecords().Select(Row).Chunk(RowsAtOnce))
        {
            cancel.ThrowIfCancellationRequested();
            var scores = Scores(Array.ConvertAll(rows, row => row.Tokens));
            foreach (var ((at, tokens), logProbs) in rows.Zip(scores))
            {
                Write(at, tokens, logProbs, asJson);
            }
        }

        return ExitCode.Done;
    }

    /// <summary>
    /// Says how far weights and cache as they are kept are from the model as it is, on all rows together.
    /// </summary>
    /// <exception cref="DataException">A row has neither text nor tokens, or the model cannot take it; or there is
    /// none.</exception>
    /// <exception cref="OptionsException">All is kept as it is.</exception>
    public ExitCode Compare(DataSource input, bool asJson, CancellationToken cancel)
    {
        if (!engine.KeepsFewBits)
        {
            throw new OptionsException(
                "--compare: needs --weights int8, int4 or stored, or --cache int8; there is nothing to compare else");
        }

        var scorer = new StepScorer(model.Folder.Decoder, engine);
        var reports = new List<ParityReport>();
        foreach (var (_, tokens) in input.ReadRecords().Select(Row).Where(row => row.Tokens.Length > 1))
        {
            cancel.ThrowIfCancellationRequested();
            using var probe = ParityProbe.Of(model.Folder.Decoder, tokens);
            reports.Add(probe.Compare(scorer.Logits));
        }

        if (reports is [])
        {
            throw new OptionsException("--input: must have a row of at least two tokens to compare on, it has none");
        }

        ParityWriter.Write(output, ParityReport.Of(reports), asJson);
        return ExitCode.Done;
    }

    private float[][] Scores(int[][] rows) => !engine.KeepsFewBits
        ? new SequenceScorer(model.Folder.Decoder).Score(rows)
        : Array.ConvertAll(rows, new StepScorer(model.Folder.Decoder, engine).Score);

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
