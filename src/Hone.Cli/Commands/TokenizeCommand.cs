using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hone.Cli.Hubs;
using Hone.Cli.Syntax;
using Hone.Cli.Writing;
using Hone.Data;
using Hone.Text;
using Hone.Training.Recipes;

namespace Hone.Cli.Commands;

/// <summary><c>hone tokenize MODEL_OR_TOKENIZER --input FILE.jsonl [--no-special] [--json]</c></summary>
internal sealed class TokenizeCommand(TextWriter output)
{
    /// <summary>The command's words.</summary>
    public static Command Syntax(Session session)
    {
        var tokenizer = new Argument<string>("MODEL_OR_TOKENIZER")
        {
            Description =
                "The folder of a model, a tokenizer.json or tokenizer.model, a .gguf file, or org/name of the hub",
        };
        var input = new Option<string?>("--input")
        {
            HelpName = "FILE",
            Description = "Rows with a field \"text\" (.jsonl, .json, .csv, .tsv; .gz too)",
        };
        var text = new Option<string?>("--text") { HelpName = "TEXT", Description = "One text instead of a file" };
        var plain = new Option<bool>("--no-special")
        {
            Description = "Leave out what the tokenizer's own post-processor adds, such as <s>",
        };
        var json = CommonOptions.Json("one object a row: ids, tokens, offsets (start, end, … in code points), decoded");
        var command = new Command("tokenize", "Show texts as the tokens that a model sees.")
        {
            tokenizer, input, text, plain, json,
        };
        command.SetAction(parsed =>
        {
            var run = new TokenizeCommand(session.Terminal.Output);
            return (int)run.Run(
                session.Hub,
                parsed.GetRequiredValue(tokenizer),
                parsed.GetValue(input),
                parsed.GetValue(text),
                addSpecial: !parsed.GetValue(plain),
                parsed.GetValue(json));
        });
        command.Teach(
            session.Terminal,
            "hone tokenize models/stories260k --text \"Once upon a time\"",
            "hone tokenize models/stories260k --input texts.jsonl --json",
            "hone tokenize tokenizers/gpt-2/tokenizer.json --input texts.jsonl.gz --no-special --json");
        return command;
    }

    /// <summary>Writes the tokens of each row of a file, or of one text.</summary>
    /// <exception cref="OptionsException">There is neither a file nor a text, or both.</exception>
    /// <exception cref="DataException">A row has no text.</exception>
    /// <exception cref="TokenizerException">The tokenizer cannot be loaded, or cannot express a text.</exception>
    public ExitCode Run(HubFiles hub, string path, string? input, string? text, bool addSpecial, bool asJson)
    {
        IEnumerable<string> texts = (input, text) switch
        {
            ({ } file, null) => hub.Data(new DataSourceOptions { Path = file }).ReadRecords().Select(TextOf),
            (null, { } single) => [single],
            _ => throw new OptionsException("hone tokenize: must be given either --input or --text"),
        };
        var tokenizer = Tokenizer.Load(hub.Tokenizer(path));
        OrderedWork.Run(
            texts,
            row => asJson
                ? Json(tokenizer, tokenizer.Encode(row, addSpecial))
                : Line(tokenizer.Encode(row, addSpecial)),
            output.Write);
        return ExitCode.Done;
    }

    private static string TextOf(DataRecord record) => RowFields.Text(record, "text");

    private static string Json(Tokenizer tokenizer, TokenizedText tokens)
    {
        using var line = new StringWriter();
        JsonLine.Write(line, json =>
        {
            json.WriteNumbers("ids", tokens.Ids);
            json.WriteTexts("tokens", tokens.Tokens);
            json.WriteNumbers("offsets", tokens.Offsets);
            json.WriteString("decoded", tokenizer.Decode(tokens.Ids, skipSpecialTokens: false));
        });
        return line.ToString();
    }

    private static string Line(TokenizedText tokens)
    {
        var pairs = tokens.Ids.Zip(tokens.Tokens, (id, token) => string.Create(
            CultureInfo.InvariantCulture, $"{id}={JsonEncodedText.Encode(token, JsonLine.Letters)}"));
        return $"{tokens.Ids.Length} tokens: {string.Join(' ', pairs)}\n";
    }
}
