using System.CommandLine;
using System.Globalization;
using Hone.Cli.Generating;
using Hone.Cli.Syntax;
using Hone.Cli.Writing;
using Hone.Models.Generation;
using Hone.Search;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary>
/// <c>hone search MODEL --prompt TEXT [--beam N] [--branches N] [--depth N] [--weights int8] [--json]</c>
/// </summary>
internal sealed class SearchCommand(Terminal terminal, LoadedModel model, EngineOptions engineOptions)
{
    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var folder = CommonOptions.Model();
        var adapters = AdapterSyntax.Option();
        var prompt = new Option<string>("--prompt")
        {
            HelpName = "TEXT",
            Description = "Raw text to continue, encoded as the tokenizer does by itself",
            Required = true,
        };
        var beam = NumberOption.Of("--beam", "N", "Paths sampled at each level", 16, least: 1, most: 4096);
        var branches = NumberOption.Of(
            "--branches", "N", "Ways in which each kept path goes on; beam / branches are kept", 4, least: 1);
        var depth = NumberOption.Of("--depth", "N", "Levels; --max-new-tokens are divided by them", 8, least: 1);
        var quantisation = new QuantisationSyntax();
        var sampling = new SamplingSyntax(maxNewTokens: 128);
        var json = CommonOptions.Json("one object: the best path and the ledger of tokens");
        var command = new Command(
            "search",
            "Search for the continuation that the model is surest of: sample steps, keep the best, go on from them.")
        {
            folder, adapters, prompt, beam, branches, depth,
        };
        quantisation.AddTo(command);
        sampling.AddTo(command);
        var engine = new EngineSyntax();
        engine.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            using var compute = new ComputeThread();
            return (int)compute.Run(() =>
            {
                var (path, named) = AdapterSyntax.Find(
                    session, parsed.GetRequiredValue(folder), parsed.GetValue(adapters));
                var kept = engine.Read(parsed);
                using var model = LoadedModel.Open(
                    path, sampling.ReadCompute(parsed), named, quantisation.Read(parsed), weights: kept.Weights);
                var shape = new BeamOptions
                {
                    Width = parsed.GetValue(beam),
                    Branches = parsed.GetValue(branches),
                    Depth = parsed.GetValue(depth),
                };
                return new SearchCommand(session.Terminal, model, kept).Run(
                    parsed.GetRequiredValue(prompt),
                    shape,
                    sampling.Read(parsed),
                    parsed.GetValue(json),
                    session.Interruption.Watch());
            });
        });
        command.Teach(
            session.Terminal,
            "hone search models/stories260k --prompt \"Once upon a time\" --temperature 1",
            "hone search models/stories260k --prompt \"One day\" --temperature 1 --weights int8",
            "hone search models/stories260k --prompt \"One day\" --temperature 1 --beam 32 --branches 8 --json");
        return command;
    }

    /// <summary>Searches, and writes the best path and what it took.</summary>
    /// <exception cref="OptionsException">The options contradict each other.</exception>
    /// <exception cref="OperationCanceledException">It is interrupted.</exception>
    public ExitCode Run(string text, BeamOptions shape, SamplingChoice choice, bool asJson, CancellationToken cancel)
    {
        if (shape.Problems().FirstOrDefault() is { } problem)
        {
            throw new OptionsException($"--{problem}");
        }

        if (shape.Depth > choice.MaxNewTokens)
        {
            throw new OptionsException(
                $"--depth: must be at most {choice.MaxNewTokens}, since each level needs one of --max-new-tokens, got "
                    + $"{shape.Depth}");
        }

        var options = choice.For(model.Folder.Generation);
        if (options.IsGreedy)
        {
            throw new OptionsException(
                "--temperature: must be above 0 for a search, whose branches are all the same at 0; "
                    + "add --temperature 1");
        }

        var prompt = Prompt.OfText(model.Tokenizer, text);
        var step = options with { MaxNewTokens = options.MaxNewTokens / shape.Depth };
        using var generator = new EnginePathGenerator(
            model.Folder, text, prompt.Tokens, step, engineOptions);
        Write(text, BeamSearch.Run(generator, new MeanLogProbScorer(), shape, cancel), generator.Usage, asJson);
        return ExitCode.Done;
    }

    private void Write(string prompt, BeamResult result, GenerationUsage usage, bool asJson)
    {
        var best = result.Paths[0];
        if (!asJson)
        {
            terminal.Output.WriteLine(prompt + best.Path.Candidate.Text);
            terminal.Errors.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"search: {usage.ComputedTokens} tokens went through the model on {result.Levels} levels; each path by "
                    + $"itself would have taken {usage.UnsharedTokens} ({Saving(usage):0.0} times as many)"));
            return;
        }

        JsonLine.Write(terminal.Output, json =>
        {
            json.WriteString("prompt", prompt);
            json.WriteNumbers("tokens", [.. best.Path.Candidate.Tokens]);
            json.WriteString("text", best.Path.Candidate.Text);
            json.WriteNumber("score", Math.Round(best.Score, 6));
            json.WriteNumbers("log_probs", [.. best.Path.Candidate.LogProbs]);
            json.WriteNumber("levels", result.Levels);
            json.WriteNumber("generated_tokens", result.Cost.Generated);
            json.WriteNumber("computed_tokens", usage.ComputedTokens);
            json.WriteNumber("unshared_tokens", usage.UnsharedTokens);
        });
    }

    private static double Saving(GenerationUsage usage) => usage.UnsharedTokens / (double)usage.ComputedTokens;
}
