using System.CommandLine;
using Hone.Cli.Generating;
using Hone.Cli.Syntax;
using Hone.Cli.Writing;
using Hone.Data;
using Hone.Models.Generation;
using Hone.Text;
using Hone.Torch;
using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary><c>hone generate MODEL (--prompt TEXT | --messages FILE)... [--samples N] [--json]</c></summary>
internal sealed class GenerateCommand(Terminal terminal, LoadedModel model, EngineOptions engineOptions)
{
    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var folder = CommonOptions.Model();
        var adapters = AdapterSyntax.Option();
        var quantisation = new QuantisationSyntax();
        var prompts = new Option<string[]>("--prompt")
        {
            HelpName = "TEXT",
            Description =
                "Raw text to continue, encoded as the tokenizer does by itself; may be empty, may be given several "
                    + "times",
            AllowMultipleArgumentsPerToken = false,
        };
        var messages = new Option<string?>("--messages")
        {
            HelpName = "FILE",
            Description = "Conversations to answer: a JSON list of {role, content}, or rows with \"messages\" (.jsonl)",
        };
        var samples = NumberOption.Of("--samples", "N", "Samples of each prompt", 1, least: 1);
        samples.Aliases.Add("-n");
        var sampling = new SamplingSyntax(maxNewTokens: 128);
        var speculation = new SpeculationSyntax();
        var json = CommonOptions.Json("one object a sample: prompt, tokens, text, finish_reason, log_probs");
        var command = new Command(
            "generate",
            "Continue texts, or answer conversations. What a seed draws does not depend on what else is in the batch.")
        {
            folder, adapters, prompts, messages, samples,
        };
        quantisation.AddTo(command);
        var goesOn = new Option<bool>("--continue")
        {
            Description = "Go on with the last turn of each conversation, an assistant's, where it breaks off",
        };
        command.Add(goesOn);
        var template = new ChatTemplateSyntax();
        template.AddTo(command);
        sampling.AddTo(command);
        speculation.AddTo(command);
        var engine = new EngineSyntax();
        engine.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var idle = parsed.GetValue(goesOn) ? goesOn.Name : template.FirstGiven(parsed);
            if (idle is not null && parsed.GetValue(messages) is null)
            {
                throw new OptionsException($"{idle}: must go with --messages, a --prompt is no conversation");
            }

            using var compute = new ComputeThread();
            return (int)compute.Run(() =>
            {
                var (path, named) = AdapterSyntax.Find(
                    session, parsed.GetRequiredValue(folder), parsed.GetValue(adapters));
                using var model = LoadedModel.Open(
                    path, sampling.ReadCompute(parsed), named, quantisation.Read(parsed), template.Read(parsed),
                    engine.Read(parsed).Weights);
                using var drafts = speculation.Open(session, parsed, sampling.ReadCompute(parsed));
                var command = new GenerateCommand(session.Terminal, model, engine.Over(drafts.Options, parsed));
                var texts = parsed.GetValue(prompts) ?? [];
                return command.Run(
                    command.Prompts(
                        texts,
                        parsed.GetValue(messages) is { } file ? MessageFile.Read(session.Hub, file) : [],
                        parsed.GetValue(goesOn)),
                    parsed.GetValue(samples),
                    sampling.Read(parsed),
                    parsed.GetValue(json),
                    session.Interruption.Watch());
            });
        });
        command.Teach(
            session.Terminal,
            "hone generate models/stories260k --prompt \"Once upon a time\"",
            "hone generate models/stories260k --prompt \"One day\" -n 4 --temperature 0.8 --seed 1 --json",
            "hone generate models/chat --messages question.json --max-new-tokens 256 --speculate lookup",
            "hone generate models/chat --messages begun.json --continue --tools tools.json",
            "hone generate models/chat --messages question.json --max-new-tokens 256 --weights int8",
            "hone generate models/stories260k --adapter runs/stories-lora/final --prompt \"Once upon a time\"");
        return command;
    }

    /// <summary>The prompts of the command line, then the conversations.</summary>
    /// <param name="texts">Raw texts.</param>
    /// <param name="conversations">The conversations.</param>
    /// <param name="goOn">Whether the last turn of a conversation is to go on, not to be answered.</param>
    /// <exception cref="OptionsException">There are none.</exception>
    public IReadOnlyList<Prompt> Prompts(
        IReadOnlyList<string> texts, IReadOnlyList<ConversationRow> conversations, bool goOn)
    {
        List<Prompt> prompts = [.. texts.Select(text => Prompt.OfText(model.Tokenizer, text))];
        if (conversations is [_, ..])
        {
            model.NoteLayout(terminal.Errors);
            prompts.AddRange(conversations.Select(row => goOn
                ? Prompt.OfUnfinished(model.Tokenizer, model.Template, row.Messages, row.Inputs)
                : Prompt.OfMessages(model.Tokenizer, model.Template, row.Messages, row.Inputs)));
        }

        return prompts is [_, ..]
            ? prompts
            : throw new OptionsException("hone generate: must be given --prompt or --messages");
    }

    /// <summary>Generates and writes every sample of every prompt.</summary>
    public ExitCode Run(
        IReadOnlyList<Prompt> prompts, int samples, SamplingChoice choice, bool asJson, CancellationToken cancel)
    {
        var options = choice.For(model.Folder.Generation);
        if (options.IsGreedy && samples > 1)
        {
            terminal.Errors.WriteLine(
                $"warning: --samples: all {samples} are the same at temperature 0; add --temperature 1");
        }

        List<(Prompt Prompt, int Sample)> wanted =
            [.. prompts.SelectMany(prompt => Enumerable.Range(0, samples), (prompt, sample) => (prompt, sample))];
        var requests = wanted
            .Select((one, index) => new GenerationRequest(
                one.Prompt.Tokens,
                WithTemplateStop(options, one.Prompt),
                PromptIndex: (uint)(index / samples),
                SampleIndex: (uint)one.Sample))
            .ToList();
        var engine = model.Folder.CreateEngine(engineOptions);
        var streams = !asJson && requests.Count == 1 && terminal.IsInteractive;
        var completions = streams
            ? [Stream(engine, wanted[0].Prompt, requests[0], cancel)]
            : engine.Run(requests, null, cancel);
        if (!streams)
        {
            Write(wanted, completions, asJson);
        }

        if (engineOptions.Speculation is not null)
        {
            terminal.Errors.WriteLine(SpeculationSyntax.Describe(engine.Usage));
        }

        return cancel.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    private SamplingOptions WithTemplateStop(SamplingOptions options, Prompt prompt) =>
        prompt.IsConversation && model.Template.StopId(model.Tokenizer) is { } stop
            && !options.StopTokens.Contains(stop)
            ? options with { StopTokens = [.. options.StopTokens, stop] }
            : options;

    private Completion Stream(
        GenerationEngine engine, Prompt prompt, GenerationRequest request, CancellationToken cancel)
    {
        var decoder = new ContinuationDecoder(model.Tokenizer, request.Prompt, skipSpecialTokens: true);
        terminal.Output.Write(prompt.IsConversation ? "" : prompt.Text);
        var events = new GenerationEvents
        {
            Chosen = (_, token) =>
            {
                terminal.Output.Write(decoder.Append(token.Id));
                terminal.Output.Flush();
            },
        };
        var completion = engine.Run([request], events, cancel)[0];
        terminal.Output.WriteLine(decoder.Flush());
        return completion;
    }

    private void Write(List<(Prompt Prompt, int Sample)> wanted, Completion[] completions, bool asJson)
    {
        foreach (var ((prompt, sample), completion) in wanted.Zip(completions))
        {
            var text = ContinuationDecoder.Decode(
                model.Tokenizer, prompt.Tokens, completion.Tokens, skipSpecialTokens: true);
            if (asJson)
            {
                WriteJson(prompt, completion, text);
                continue;
            }

            if (completions.Length > 1)
            {
                terminal.Output.WriteLine(
                    $"--- sample {sample + 1}, {completion.Tokens.Length} tokens, {ReasonName(completion)}");
            }

            terminal.Output.WriteLine(prompt.IsConversation ? text : prompt.Text + text);
        }
    }

    private void WriteJson(Prompt prompt, Completion completion, string text) => JsonLine.Write(terminal.Output, json =>
    {
        json.WriteString("prompt", prompt.Text);
        json.WriteNumbers("tokens", completion.Tokens);
        json.WriteString("text", text);
        json.WriteString("finish_reason", ReasonName(completion));
        json.WriteNumbers("log_probs", completion.LogProbs);
    });

    private static string ReasonName(Completion completion) => completion.Reason.ToString().ToLowerInvariant();
}
