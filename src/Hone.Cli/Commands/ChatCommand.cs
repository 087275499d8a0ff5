using System.CommandLine;
using Hone.Cli.Generating;
using Hone.Cli.Syntax;
using Hone.Models.Generation;
using Hone.Text;
using Hone.Torch;

namespace Hone.Cli.Commands;

/// <summary><c>hone chat MODEL [--system TEXT] [--template NAME|FILE] [--tools FILE]</c></summary>
internal sealed class ChatCommand(
    Terminal terminal, Interruption interruption, LoadedModel model, GenerationEngine engine, SamplingOptions sampling)
{
    private readonly List<Message> _messages = [];
    private GenerationUsage _usage;

    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var folder = CommonOptions.Model();
        var adapters = AdapterSyntax.Option();
        var quantisation = new QuantisationSyntax();
        var system = new Option<string?>("--system")
        {
            HelpName = "TEXT",
            Description = "What the model is told before the conversation",
        };
        var sampling = new SamplingSyntax(maxNewTokens: 512);
        var speculation = new SpeculationSyntax();
        var command = new Command(
            "chat",
            "Talk with a model. /reset forgets the conversation, /exit or Ctrl-D ends it, Ctrl-C ends an answer.")
        {
            folder, adapters, system,
        };
        quantisation.AddTo(command);
        var template = new ChatTemplateSyntax();
        template.AddTo(command);
        sampling.AddTo(command);
        speculation.AddTo(command);
        var kept = new EngineSyntax();
        kept.AddTo(command);
        command.SetAction(parsed =>
        {
            using var compute = new ComputeThread();
            return (int)compute.Run(() =>
            {
                var (path, named) = AdapterSyntax.Find(
                    session, parsed.GetRequiredValue(folder), parsed.GetValue(adapters));
                using var model = LoadedModel.Open(
                    path, sampling.ReadCompute(parsed), named, quantisation.Read(parsed), template.Read(parsed),
                    kept.Read(parsed).Weights);
                model.NoteLayout(session.Terminal.Errors);
                var options = sampling.Read(parsed).For(model.Folder.Generation);
                using var drafts = speculation.Open(session, parsed, sampling.ReadCompute(parsed));
                var engineOptions = OpenSpeculation.Remember(kept.Over(drafts.Options, parsed), out var drafted);
                using var earlierDrafts = drafted;
                using var earlier = new PrefixCache(model.Folder.Decoder, engineOptions);
                var engine = model.Folder.CreateEngine(engineOptions, earlier);
                var chat = new ChatCommand(session.Terminal, session.Interruption, model, engine, options);
                var code = chat.Run(parsed.GetValue(system));
                if (drafts.Speculation is not null)
                {
                    session.Terminal.Errors.WriteLine(SpeculationSyntax.Describe(chat._usage));
                }

                return code;
            });
        });
        command.Teach(
            session.Terminal,
            "hone chat models/chat",
            "hone chat models/chat --adapter adapters/polite --adapter adapters/terse=0.5",
            "hone chat models/chat --system \"Answer in one sentence.\" --temperature 0.7",
            "hone chat models/chat --template-set enable_thinking=false --tools tools.json");
        return command;
    }

    /// <summary>Answers line by line until the input ends.</summary>
    public ExitCode Run(string? system)
    {
        Reset(system);
        while (ReadLine() is { } line)
        {
            switch (line.Trim())
            {
                case "":
                    break;
                case "/exit":
                    return ExitCode.Done;
                case "/reset":
                    Reset(system);
                    break;
                case ['/', ..] command:
                    terminal.Errors.WriteLine(
                        $"{command}: must be /reset or /exit; a line that begins otherwise is said to the model");
                    break;
                default:
                    Answer(line);
                    break;
            }
        }

        return ExitCode.Done;
    }

    private void Reset(string? system)
    {
        _messages.Clear();
        if (system is not null)
        {
            _messages.Add(new Message("system", system));
        }
    }

    private string? ReadLine()
    {
        if (terminal.IsTyped)
        {
            terminal.Output.Write("> ");
            terminal.Output.Flush();
        }

        var line = terminal.Input.ReadLine();
        if (line is null && terminal.IsTyped)
        {
            terminal.Output.WriteLine();
        }

        return line;
    }

    private void Answer(string line)
    {
        _messages.Add(new Message("user", line));
        var prompt = Prompt.OfMessages(model.Tokenizer, model.Template, _messages);
        var context = model.Folder.Decoder.Config.ContextLength;
        if (prompt.Tokens.Length >= context)
        {
            _messages.RemoveAt(_messages.Count - 1);
            terminal.Errors.WriteLine(
                $"the conversation must fit the model's context of {context} tokens, it has {prompt.Tokens.Length}; "
                    + "/reset begins a new one");
            return;
        }

        var answer = new System.Text.StringBuilder();
        var decoder = new ContinuationDecoder(model.Tokenizer, prompt.Tokens, skipSpecialTokens: true);
        void Show(string piece)
        {
            answer.Append(piece);
            terminal.Output.Write(piece);
            terminal.Output.Flush();
        }

        var turn = (uint)_messages.Count;
        var request = new GenerationRequest(prompt.Tokens, WithTurnEnd(), turn);
        engine.Run(
            [request],
            new GenerationEvents { Chosen = (_, token) => Show(decoder.Append(token.Id)) },
            interruption.Watch());
        _usage += engine.Usage;
        Show(decoder.Flush());
        terminal.Output.WriteLine();
        terminal.Output.Flush();
        _messages.Add(new Message("assistant", answer.ToString()));
    }

    private SamplingOptions WithTurnEnd() =>
        model.Template.StopId(model.Tokenizer) is { } stop && !sampling.StopTokens.Contains(stop)
        ? sampling with { StopTokens = [.. sampling.StopTokens, stop] }
        : sampling;
}
