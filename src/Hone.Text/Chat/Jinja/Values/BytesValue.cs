using System.Text;

namespace Hone.Text.Chat.Jinja;

/// <summary>Bytes, which only <c>str.encode</c> makes.</summary>
/// <param name="bytes">The bytes.</param>
internal sealed class BytesValue(byte[] bytes) : Value
{
    /// <inheritdoc/>
    public override string TypeName => "bytes";

    /// <inheritdoc/>
    public override bool IsTrue => bytes.Length > 0;

    /// <inheritdoc/>
    public override bool IsIterable => true;

    /// <inheritdoc/>
    public override int? Count => bytes.Length;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <inheritdoc/>
    public override void WriteRepr(TextSink sink)
    {
        var quote = bytes.Contains((byte)'\'') && !bytes.Contains((byte)'"') ? '"' : '\'';
        sink.Append('b').Append(quote);
        foreach (var one in bytes)
        {
            sink.Append(one switch
            {
                (byte)'\n' => "\\n",
                (byte)'\r' => "\\r",
                (byte)'\t' => "\\t",
                (byte)'\\' => "\\\\",
                _ when one == quote => $"\\{quote}",
                < 0x20 or >= 0x7F => PythonText.Escaped(one),
                _ => ((char)one).ToString(),
            });
        }

        sink.Append(quote);
    }

    /// <inheritdoc/>
    public override Value? Attribute(string name) => name switch
    {
        "decode" => new FunctionValue(
            new Builtin("decode", ["encoding?", "errors?"], (run, _) => run.Text(Encoding.UTF8.GetString(bytes))),
            "builtin_function_or_method"),
        "hex" => new FunctionValue(
            new Builtin("hex", [], (run, _) => run.Text(Convert.ToHexStringLower(bytes))),
            "builtin_function_or_method"),
        _ => null,
    };

    /// <inheritdoc/>
    public override Value? Item(Value key, Run run) => key switch
    {
        SliceValue slice => new BytesValue([.. slice.Places(bytes.Length).Select(place => bytes[place])]),
        _ => Numbers.Index(key) is { } place && Sequence.PlaceOf(place, bytes.Length) is { } index
            ? IntegerValue.Of(bytes[index])
            : null,
    };

    /// <inheritdoc/>
    public override IEnumerable<Value> Items(Run run) => bytes.Select(one => IntegerValue.Of(one));
}
